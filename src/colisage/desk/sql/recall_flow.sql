-- What came into the house and what left it, of lots: direction, the kind of place beyond, reason, units, movements.
WITH inside AS (SELECT id, lot_id FROM inventory_stockcell WHERE lot_id = ANY (%(lots)s) AND kept)
SELECT 'in' AS way, CASE WHEN other.kept THEN 'relabelled' ELSE place.kind END AS beyond, m.reason, sum(m.qty)::bigint
FROM inside
JOIN inventory_stockmovement m ON m.to_cell_id = inside.id
JOIN inventory_stockcell other ON other.id = m.from_cell_id
JOIN network_place place ON place.id = other.place_id
WHERE NOT (other.kept AND other.lot_id IS NOT NULL AND other.lot_id = ANY (%(lots)s))
GROUP BY 1, 2, 3
UNION ALL
SELECT 'out', CASE WHEN other.kept THEN 'relabelled' ELSE place.kind END, m.reason, sum(m.qty)::bigint
FROM inside
JOIN inventory_stockmovement m ON m.from_cell_id = inside.id
JOIN inventory_stockcell other ON other.id = m.to_cell_id
JOIN network_place place ON place.id = other.place_id
WHERE NOT (other.kept AND other.lot_id IS NOT NULL AND other.lot_id = ANY (%(lots)s))
GROUP BY 1, 2, 3
ORDER BY 1, 4 DESC
