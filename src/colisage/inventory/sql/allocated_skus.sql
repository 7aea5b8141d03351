-- The SKUs of open allocations: what to lock before picking.
SELECT DISTINCT r.sku_id FROM inventory_allocation a JOIN inventory_reservation r ON r.id = a.reservation_id
WHERE a.id = ANY (%s) AND a.open
