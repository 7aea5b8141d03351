-- What lies in a bin, cell by cell, the one that is filled longest first.
SELECT id, merchant_id, sku_id, lot_id, plate_id, owner_id, condition, qty, allocated
FROM inventory_stockcell WHERE place_id = %s AND qty > 0
ORDER BY first_in_at, id
