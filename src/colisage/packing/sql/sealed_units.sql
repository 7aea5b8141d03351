-- The units of sealed parcels as their sealing moved them: from which spot of the bench to which of the hand-over.
SELECT m.merchant_id, m.sku_id, m.qty, m.doc_id, m.doc_line, m.seq,
       t.place_id, t.lot_id, t.plate_id, t.owner_id, t.condition, f.place_id, f.lot_id, f.plate_id, f.owner_id, f.condition
FROM inventory_stockmovement m
JOIN inventory_stockcell f ON f.id = m.from_cell_id
JOIN inventory_stockcell t ON t.id = m.to_cell_id
WHERE m.doc_kind = 'parcel' AND m.doc_id = ANY (%s) AND m.reason = 'seal'
ORDER BY m.id
