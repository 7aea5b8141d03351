-- Turn so many units of each held promise into owed ones: a whole promise changes its state, a part becomes a second
-- row. Open allocations end, the last made first, until no more is bound than stays held: a picker is sent for what an
-- allocation says, so each ends as a whole. What is reserved falls by the same units. What is never owed (an insert) is
-- given back instead. The promises are locked already.
WITH lose AS (
  SELECT * FROM unnest(%s::bigint[], %s::int[]) AS l(id, units)
), bound AS (
  SELECT a.id, r.qty - l.units AS kept, sum(a.qty) OVER (PARTITION BY a.reservation_id ORDER BY a.id) AS upto
  FROM lose l
  JOIN inventory_reservation r ON r.id = l.id
  JOIN inventory_allocation a ON a.reservation_id = l.id AND a.open
), ended AS (
  UPDATE inventory_allocation a SET open = false FROM bound b WHERE a.id = b.id AND b.upto > b.kept AND a.open
  RETURNING a.cell_id, a.qty
), locked AS (
  SELECT id FROM inventory_stockcell WHERE id IN (SELECT cell_id FROM ended) ORDER BY id FOR NO KEY UPDATE
), cells AS (
  UPDATE inventory_stockcell c SET allocated = c.allocated - e.qty
  FROM (SELECT l.id, sum(e.qty)::int AS qty FROM locked l JOIN ended e ON e.cell_id = l.id GROUP BY l.id) e WHERE c.id = e.id
), whole AS (
  UPDATE inventory_reservation r SET state = CASE WHEN r.owner_kind = 'insert' THEN 'released' ELSE 'waiting' END
  FROM lose l WHERE r.id = l.id AND l.units = r.qty
  RETURNING r.*
), part AS (
  UPDATE inventory_reservation r SET qty = r.qty - l.units FROM lose l WHERE r.id = l.id AND l.units < r.qty
  RETURNING r.*, l.units
), owed AS (
  INSERT INTO inventory_reservation (merchant_id, owner_kind, owner_id, sku_id, node_id, qty, state, priority, turn, since, buffer, expires_at)
  SELECT merchant_id, owner_kind, owner_id, sku_id, node_id, units, CASE WHEN owner_kind = 'insert' THEN 'released' ELSE 'waiting' END, priority, turn, since, buffer, expires_at FROM part
  RETURNING *
), demoted AS (
  SELECT merchant_id, owner_kind, owner_id, id, sku_id, node_id, qty FROM whole
  UNION ALL
  SELECT merchant_id, owner_kind, owner_id, id, sku_id, node_id, qty FROM owed
), fallen AS (
  UPDATE inventory_availability v SET reserved = v.reserved - d.qty
  FROM (SELECT sku_id, node_id, sum(qty)::int AS qty FROM demoted GROUP BY sku_id, node_id) d
  WHERE v.sku_id = d.sku_id AND v.node_id = d.node_id
)
SELECT * FROM demoted
