-- Held reservations with units not yet bound to a cell; the rows stay locked.
SELECT r.id, r.merchant_id, r.sku_id, r.node_id,
       r.qty - coalesce((SELECT sum(a.qty) FROM inventory_allocation a WHERE a.reservation_id = r.id AND a.open), 0)::int
FROM inventory_reservation r
WHERE r.id = ANY (%s) AND r.state = 'held'
ORDER BY r.id
FOR NO KEY UPDATE OF r
