-- A lot, and the lots of what units of it were assembled or made into: kits and own production, down to what was made of those.
WITH RECURSIVE reached (id, depth) AS (
    SELECT id, 0 FROM inventory_lot WHERE merchant_id = ANY (%(merchants)s) AND id = %(lot)s
  UNION
    SELECT made.lot_id, reached.depth + 1
    FROM reached
    JOIN inventory_stockcell part ON part.lot_id = reached.id AND part.kept
    JOIN inventory_stockmovement used ON used.from_cell_id = part.id AND used.reason IN ('assembled', 'produced')
    CROSS JOIN LATERAL (
      SELECT kit.lot_id
      FROM inventory_stockmovement m JOIN inventory_stockcell kit ON kit.id = m.to_cell_id AND kit.kept
      WHERE used.reason = 'assembled' AND m.doc_kind = used.doc_kind AND m.doc_id = used.doc_id AND m.reason = 'assembled'
        AND kit.lot_id IS NOT NULL
      UNION ALL
      SELECT p.lot_id FROM inbound_production p
      WHERE used.doc_kind = 'production' AND p.id = used.doc_id AND p.lot_id IS NOT NULL
      UNION ALL
      SELECT unit.id
      FROM inbound_production p
      CROSS JOIN LATERAL jsonb_array_elements_text(p.serials) AS told(serial)
      JOIN inventory_lot unit ON unit.sku_id = p.sku_id AND unit.code = told.serial AND unit.is_serial
      WHERE used.doc_kind = 'production' AND p.id = used.doc_id
    ) made
    WHERE reached.depth < 8
)
SELECT l.id, l.merchant_id, l.code, l.is_serial, l.status, l.expires_on, s.id, s.code, s.name, min(reached.depth)
FROM reached
JOIN inventory_lot l ON l.id = reached.id
JOIN catalog_sku s ON s.id = l.sku_id
GROUP BY l.id, s.id
ORDER BY min(reached.depth), s.code, l.code
