-- End the open promises of owners, once: whoever comes second finds none. Open allocations end with them. Promises and
-- cells are locked in key order.
WITH old AS (
  SELECT id, state FROM inventory_reservation
  WHERE owner_kind = %s AND owner_id = ANY (%s) AND state IN ('held', 'waiting', 'ahead')
  ORDER BY id FOR NO KEY UPDATE
), ended AS (
  UPDATE inventory_reservation r SET state = 'released'
  FROM old WHERE r.id = old.id
  RETURNING r.id, r.merchant_id, r.sku_id, r.node_id, r.qty, old.state
), freed AS (
  UPDATE inventory_allocation a SET open = false FROM ended WHERE a.reservation_id = ended.id AND a.open
  RETURNING a.cell_id, a.qty
), locked AS (
  SELECT id FROM inventory_stockcell WHERE id IN (SELECT cell_id FROM freed) ORDER BY id FOR NO KEY UPDATE
), cells AS (
  UPDATE inventory_stockcell c SET allocated = c.allocated - f.qty
  FROM (SELECT l.id, sum(f.qty)::int AS qty FROM locked l JOIN freed f ON f.cell_id = l.id GROUP BY l.id) f WHERE c.id = f.id
  RETURNING c.id
)
SELECT merchant_id, sku_id, node_id, qty, state FROM ended
