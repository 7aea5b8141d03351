-- Of a page of SKUs: those whose code begins with a text, whose name holds it, or whose barcode it is.
AND (s.code_key LIKE %(start)s OR s.name ILIKE %(within)s
     OR s.id IN (SELECT b.sku_id FROM catalog_barcode b WHERE b.merchant_id = m.id AND b.code = %(text)s))
