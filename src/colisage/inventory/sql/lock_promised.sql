-- Lock the availability of the SKUs of reservations, in key order, until the transaction ends.
SELECT 1 FROM inventory_availability
WHERE sku_id IN (SELECT sku_id FROM inventory_reservation WHERE id = ANY (%s))
ORDER BY sku_id, node_id
FOR NO KEY UPDATE
