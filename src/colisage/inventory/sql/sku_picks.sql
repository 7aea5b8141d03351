-- How often each SKU of a node was picked since a moment.
SELECT m.sku_id, count(*)::int
FROM inventory_stockmovement m JOIN inventory_stockcell c ON c.id = m.from_cell_id
WHERE m.reason = 'pick' AND m.recorded_at >= %(since)s AND c.node_id = %(node)s
GROUP BY m.sku_id
