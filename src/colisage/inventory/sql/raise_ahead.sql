-- Pre-order more (or, with negative units, less) of each SKU at each node; the rows are locked already.
UPDATE inventory_availability v SET ahead = v.ahead + d.qty
FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS d(sku_id, node_id, qty)
WHERE v.sku_id = d.sku_id AND v.node_id = d.node_id
