-- Held reservations with the units of each that are not bound to a cell yet. They are locked already: what another
-- transaction bound while we waited for the lock is seen only by a statement that begins after it.
SELECT r.id, r.merchant_id, r.sku_id, r.node_id,
       r.qty - coalesce((SELECT sum(a.qty) FROM inventory_allocation a WHERE a.reservation_id = r.id AND a.open), 0)::int
FROM inventory_reservation r
WHERE r.id = ANY (%s) AND r.state = 'held'
ORDER BY r.id
