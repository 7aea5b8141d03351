-- Lock the held promises of these SKUs, in key order: before cells, as everywhere.
SELECT id FROM inventory_reservation WHERE sku_id = ANY (%s) AND state = 'held' ORDER BY id FOR NO KEY UPDATE
