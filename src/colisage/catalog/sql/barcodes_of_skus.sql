-- The barcodes of SKUs, the oldest first.
SELECT b.sku_id, b.code, b.units
FROM unnest(%s::bigint[]) AS wanted(id)
JOIN catalog_barcode b ON b.sku_id = wanted.id AND b.merchant_id = %s
ORDER BY b.sku_id, b.id
