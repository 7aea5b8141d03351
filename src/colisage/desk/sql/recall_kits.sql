-- Kits and own production kept without a lot that units of lots went into: which of their units have them is not known.
WITH made AS (
    SELECT DISTINCT kit_move.id, kit_move.sku_id, kit_move.qty, kit_move.occurred_at
    FROM inventory_stockcell part
    JOIN inventory_stockmovement used ON used.from_cell_id = part.id AND used.reason = 'assembled'
    JOIN inventory_stockmovement kit_move ON kit_move.doc_kind = used.doc_kind
     AND kit_move.doc_id = used.doc_id AND kit_move.reason = 'assembled'
    JOIN inventory_stockcell kit ON kit.id = kit_move.to_cell_id AND kit.kept AND kit.lot_id IS NULL
    WHERE part.lot_id = ANY (%(lots)s) AND part.kept
  UNION
    SELECT -p.id, p.sku_id, p.qty, used.occurred_at
    FROM inventory_stockcell part
    JOIN inventory_stockmovement used
      ON used.from_cell_id = part.id AND used.reason = 'produced' AND used.doc_kind = 'production'
    JOIN inbound_production p ON p.id = used.doc_id AND p.lot_id IS NULL AND p.serials = '[]'
    WHERE part.lot_id = ANY (%(lots)s) AND part.kept
)
SELECT s.id, s.code, s.name, sum(made.qty)::bigint, min(made.occurred_at)
FROM made
JOIN catalog_sku s ON s.id = made.sku_id
GROUP BY s.id
ORDER BY s.code
