-- End the open allocations of these SKUs that cannot stand: of promises that are not held, in other cells than those of
-- their promise, and the last ones where more is bound than is promised or than the movements bring to the cell.
WITH cells AS (
  SELECT c.id, c.merchant_id, c.sku_id, c.node_id, CASE WHEN c.kept THEN
           coalesce((SELECT sum(m.qty) FROM inventory_stockmovement m WHERE m.to_cell_id = c.id), 0)
           - coalesce((SELECT sum(m.qty) FROM inventory_stockmovement m WHERE m.from_cell_id = c.id), 0) ELSE 0 END AS qty
  FROM inventory_stockcell c
  WHERE c.id IN (SELECT a.cell_id FROM inventory_allocation a JOIN inventory_reservation r ON r.id = a.reservation_id
                 JOIN inventory_stockcell x ON x.id = a.cell_id
                 WHERE a.open AND (r.sku_id = ANY (%(skus)s) OR x.sku_id = ANY (%(skus)s)))
), bound AS (
  SELECT a.id, r.state <> 'held' OR (c.merchant_id, c.sku_id, c.node_id) IS DISTINCT FROM (r.merchant_id, r.sku_id, r.node_id) AS wrong,
         r.qty AS promised, sum(a.qty) OVER (PARTITION BY a.reservation_id ORDER BY a.id) AS of_promise,
         c.qty AS there, sum(a.qty) OVER (PARTITION BY a.cell_id ORDER BY a.id) AS in_cell
  FROM cells c JOIN inventory_allocation a ON a.cell_id = c.id AND a.open JOIN inventory_reservation r ON r.id = a.reservation_id
), ended AS (
  UPDATE inventory_allocation a SET open = false FROM bound b
  WHERE a.id = b.id AND (b.wrong OR b.of_promise > b.promised OR b.in_cell > b.there)
  RETURNING a.reservation_id, a.qty
)
SELECT r.merchant_id, r.owner_kind, r.owner_id, r.id, r.sku_id, r.node_id, sum(e.qty)::int
FROM ended e JOIN inventory_reservation r ON r.id = e.reservation_id WHERE r.state = 'held' AND r.node_id IS NOT NULL
GROUP BY r.id ORDER BY r.id
