-- Lots and serials by their own code or by that of their SKU, the newest first; without a text, those set aside.
SELECT l.id, l.merchant_id, l.code, l.is_serial, l.status, l.expires_on, s.id, s.code, s.name, 0
FROM inventory_lot l
JOIN catalog_sku s ON s.id = l.sku_id
WHERE l.merchant_id = ANY (%(merchants)s)
  AND (l.code = ANY (%(codes)s) OR s.code_key = upper(%(text)s) OR (%(text)s = '' AND l.status <> 'approved'))
ORDER BY l.id DESC
LIMIT %(most)s
