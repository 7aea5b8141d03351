-- A lot, and the lots of kits that units of it were assembled into, down to kits of kits.
WITH RECURSIVE reached (id, depth) AS (
    SELECT id, 0 FROM inventory_lot WHERE merchant_id = ANY (%(merchants)s) AND id = %(lot)s
  UNION
    SELECT kit.lot_id, reached.depth + 1
    FROM reached
    JOIN inventory_stockcell part ON part.lot_id = reached.id AND part.kept
    JOIN inventory_stockmovement used ON used.from_cell_id = part.id AND used.reason = 'assembled'
    JOIN inventory_stockmovement made
      ON made.doc_kind = used.doc_kind AND made.doc_id = used.doc_id AND made.reason = 'assembled'
    JOIN inventory_stockcell kit ON kit.id = made.to_cell_id AND kit.kept AND kit.lot_id IS NOT NULL
    WHERE reached.depth < 8
)
SELECT l.id, l.merchant_id, l.code, l.is_serial, l.status, l.expires_on, s.id, s.code, s.name, min(reached.depth)
FROM reached
JOIN inventory_lot l ON l.id = reached.id
JOIN catalog_sku s ON s.id = l.sku_id
GROUP BY l.id, s.id
ORDER BY min(reached.depth), s.code, l.code
