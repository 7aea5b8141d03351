-- Lots and serials by their own code or by that of their SKU, the newest first; without a text, those set aside.
SELECT l.id, l.merchant_id, l.code, l.is_serial, l.status, l.expires_on, s.id, s.code, s.name, 0
FROM inventory_lot l
JOIN catalog_sku s ON s.id = l.sku_id
WHERE l.id IN (
  SELECT o.id FROM inventory_lot o WHERE o.merchant_id = ANY (%(merchants)s) AND o.code = ANY (%(codes)s)
  UNION ALL
  SELECT o.id FROM catalog_sku k JOIN inventory_lot o ON o.sku_id = k.id
  WHERE k.merchant_id = ANY (%(merchants)s) AND k.code_key = upper(%(text)s)
  UNION ALL
  SELECT o.id FROM inventory_lot o
  WHERE o.merchant_id = ANY (%(merchants)s) AND o.status <> 'approved' AND %(text)s = ''
)
ORDER BY l.id DESC
LIMIT %(most)s
