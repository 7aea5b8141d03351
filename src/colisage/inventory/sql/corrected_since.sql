-- Whether anything was lost or found in a bin since a moment, by anybody else than this count.
SELECT EXISTS (
  SELECT 1 FROM inventory_stockcell c
  JOIN inventory_stockmovement m ON c.id IN (m.from_cell_id, m.to_cell_id)
  JOIN inventory_stockcell o ON o.id = CASE WHEN m.from_cell_id = c.id THEN m.to_cell_id ELSE m.from_cell_id END
  JOIN network_place p ON p.id = o.place_id AND p.kind IN ('loss', 'found')
  WHERE c.place_id = %(place)s AND c.kept AND m.recorded_at > %(since)s AND NOT (m.doc_kind = 'count' AND m.doc_id = %(task)s))
