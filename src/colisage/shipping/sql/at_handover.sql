-- Where the units of sealed parcels stand, as their sealing put them there.
SELECT m.merchant_id, m.sku_id, m.qty, m.doc_id, m.doc_line, m.seq, c.place_id, c.lot_id, c.plate_id, c.owner_id, c.condition
FROM inventory_stockmovement m
JOIN inventory_stockcell c ON c.id = m.to_cell_id
WHERE m.doc_kind = 'parcel' AND m.doc_id = ANY (%s) AND m.reason = 'seal'
ORDER BY m.id
