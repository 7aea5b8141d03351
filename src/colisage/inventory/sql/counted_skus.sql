-- The SKUs of a merchant of which somebody counts what may be promised, and the bundles of such, by number.
SELECT v.sku_id FROM inventory_availability v WHERE v.merchant_id = %(merchant)s
UNION
SELECT k.parent_id FROM inventory_availability v
JOIN catalog_component k ON k.sku_id = v.sku_id
JOIN catalog_sku b ON b.id = k.parent_id AND b.kind = 'bundle'
WHERE v.merchant_id = %(merchant)s
ORDER BY 1
