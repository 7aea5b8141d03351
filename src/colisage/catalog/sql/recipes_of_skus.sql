-- What bundles and kits are made of, in the order it was said.
SELECT c.parent_id, s.code, c.quantity
FROM unnest(%s::bigint[]) AS wanted(id)
JOIN catalog_component c ON c.parent_id = wanted.id AND c.merchant_id = %s
JOIN catalog_sku s ON s.id = c.sku_id
ORDER BY c.parent_id, c.id
