-- Lock the cells of a bin, in key order: who is about to move units there goes first, or finds the bin frozen.
SELECT id FROM inventory_stockcell WHERE place_id = %s AND kept ORDER BY id FOR NO KEY UPDATE
