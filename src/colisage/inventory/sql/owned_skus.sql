-- The SKUs an owner has open promises of: what to lock before giving back.
SELECT DISTINCT sku_id FROM inventory_reservation
WHERE owner_kind = %s AND owner_id = ANY (%s) AND state IN ('held', 'waiting', 'ahead')
