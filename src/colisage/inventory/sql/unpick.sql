-- End so many units of the picked promises of owners, by SKU and node, the oldest first: whole promises, and of the last
-- a part, which becomes a row of its own. Gives the units ended. Availability is locked already, promises are locked in
-- key order.
WITH asked AS (
  SELECT * FROM unnest(%(owners)s::bigint[], %(skus)s::bigint[], %(nodes)s::bigint[], %(units)s::int[]) AS a(owner_id, sku_id, node_id, units)
), locked AS (
  SELECT r.id, r.qty, a.owner_id, a.sku_id, a.node_id, a.units
  FROM asked a
  JOIN inventory_reservation r ON r.owner_kind = %(kind)s AND r.owner_id = a.owner_id AND r.sku_id = a.sku_id
    AND r.node_id = a.node_id AND r.state = 'picked'
  ORDER BY r.id FOR NO KEY UPDATE OF r
), before AS (
  SELECT id, qty, units - sum(qty) OVER (PARTITION BY owner_id, sku_id, node_id ORDER BY id) + qty AS left_over FROM locked
), shared AS (
  SELECT id, qty, least(qty, left_over)::int AS units FROM before WHERE left_over > 0
), whole AS (
  UPDATE inventory_reservation r SET state = 'released' FROM shared s WHERE r.id = s.id AND s.units = s.qty
), part AS (
  UPDATE inventory_reservation r SET qty = r.qty - s.units FROM shared s WHERE r.id = s.id AND s.units < s.qty
  RETURNING r.*, s.units
), split AS (
  INSERT INTO inventory_reservation (merchant_id, owner_kind, owner_id, sku_id, node_id, qty, state, priority, since, buffer)
  SELECT merchant_id, owner_kind, owner_id, sku_id, node_id, units, 'released', priority, since, buffer FROM part
)
SELECT coalesce(sum(units), 0)::int FROM shared
