-- So many units of open promises are wanted no more: a whole promise ends, of a part the rest stays and the units
-- given back are kept as an ended promise of their own. The promises are locked already, and the units are not bound.
WITH asked AS (
  SELECT * FROM unnest(%s::bigint[], %s::int[]) AS a(id, units)
), whole AS (
  UPDATE inventory_reservation r SET state = 'released' FROM asked a WHERE r.id = a.id AND a.units = r.qty
), part AS (
  UPDATE inventory_reservation r SET qty = r.qty - a.units FROM asked a WHERE r.id = a.id AND a.units < r.qty
  RETURNING r.*, a.units
)
INSERT INTO inventory_reservation (merchant_id, owner_kind, owner_id, sku_id, node_id, qty, state, priority, turn, since, buffer, expires_at)
SELECT merchant_id, owner_kind, owner_id, sku_id, node_id, units, 'released', priority, turn, since, buffer, expires_at FROM part
