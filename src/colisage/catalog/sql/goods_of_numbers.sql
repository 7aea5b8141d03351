-- What SKUs these barcodes stand for, of merchants; the numbers come in every spelling.
SELECT wanted.gtin, b.sku_id, b.merchant_id, b.units
FROM jsonb_to_recordset(%s::jsonb) AS wanted(code text, gtin text)
JOIN catalog_barcode b ON b.code = wanted.code AND b.merchant_id = ANY (%s::bigint[])
ORDER BY b.id
