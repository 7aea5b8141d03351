-- Units of lots that are still in the house, where they lie and how.
SELECT c.id, node.name, place.code, place.kind, plate.code, lot.code, sku.code, c.condition, c.qty, c.allocated
FROM inventory_stockcell c
JOIN inventory_lot lot ON lot.id = c.lot_id
JOIN catalog_sku sku ON sku.id = c.sku_id
JOIN network_place place ON place.id = c.place_id
LEFT JOIN network_node node ON node.id = c.node_id
LEFT JOIN inventory_licenseplate plate ON plate.id = c.plate_id
WHERE c.lot_id = ANY (%(lots)s) AND c.kept AND c.qty > 0
ORDER BY node.name, place.walk, place.code, c.id
LIMIT %(most)s
