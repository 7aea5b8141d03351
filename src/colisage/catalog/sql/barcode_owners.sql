-- Whose these barcodes are: the SKU's code in capitals.
SELECT b.code, s.code_key
FROM unnest(%s::text[]) AS wanted(code)
JOIN catalog_barcode b ON b.merchant_id = %s AND b.code = wanted.code
JOIN catalog_sku s ON s.id = b.sku_id
