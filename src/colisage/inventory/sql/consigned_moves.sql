-- Of these movements, those by which units of an owner left the house, or were found again. A movement back to the
-- supplier is none: nothing is bought by it.
SELECT m.merchant_id, m.sku_id, coalesce(a.owner_id, b.owner_id), m.id, coalesce(a.lot_id, b.lot_id), m.qty, m.reason,
       to_char(m.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'), b.kept
FROM jsonb_to_recordset(%s::jsonb) AS r(doc_kind text, doc_id bigint, doc_line bigint, seq int)
JOIN inventory_stockmovement m
  ON m.doc_kind = r.doc_kind AND m.doc_id = r.doc_id AND m.doc_line = r.doc_line AND m.seq = r.seq
JOIN inventory_stockcell a ON a.id = m.from_cell_id
JOIN inventory_stockcell b ON b.id = m.to_cell_id
JOIN network_place p ON p.id = CASE WHEN b.kept THEN a.place_id ELSE b.place_id END
WHERE (a.kept AND NOT b.kept AND a.owner_id IS NOT NULL AND p.kind IN ('customer', 'loss', 'assembly'))
   OR (b.kept AND NOT a.kept AND b.owner_id IS NOT NULL AND p.kind = 'found')
ORDER BY m.id
