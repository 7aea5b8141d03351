-- End the promises whose time is over, once: whoever comes second finds none. Open allocations end with them. Only of
-- SKUs that are locked.
WITH old AS (
  SELECT id, state FROM inventory_reservation
  WHERE expires_at <= %s AND sku_id = ANY (%s) AND state IN ('held', 'waiting', 'ahead')
  ORDER BY id FOR NO KEY UPDATE
), ended AS (
  UPDATE inventory_reservation r SET state = 'expired'
  FROM old WHERE r.id = old.id
  RETURNING r.id, r.merchant_id, r.sku_id, r.node_id, r.qty, old.state
), freed AS (
  UPDATE inventory_allocation a SET open = false FROM ended WHERE a.reservation_id = ended.id AND a.open
  RETURNING a.cell_id, a.qty
), cells AS (
  UPDATE inventory_stockcell c SET allocated = c.allocated - f.qty
  FROM (SELECT cell_id, sum(qty)::int AS qty FROM freed GROUP BY cell_id) f WHERE c.id = f.cell_id
  RETURNING c.id
)
SELECT merchant_id, sku_id, node_id, qty, state FROM ended
