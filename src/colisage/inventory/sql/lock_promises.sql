-- Lock reservations, in key order, until the transaction ends.
SELECT id FROM inventory_reservation WHERE id = ANY (%s) AND state = 'held' ORDER BY id FOR NO KEY UPDATE
