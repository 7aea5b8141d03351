-- Lots and serials by their own code or by that of their SKU, the newest first; without a text, those set aside. Of each way
-- no more are read than are shown: a SKU may have a number for every unit, and years of lots were once set aside.
WITH found AS MATERIALIZED (
  (SELECT o.id FROM inventory_lot o WHERE o.merchant_id = ANY (%(merchants)s) AND o.code = ANY (%(codes)s)
   ORDER BY o.id DESC LIMIT %(most)s)
  UNION
  (SELECT o.id FROM catalog_sku k
   CROSS JOIN LATERAL (SELECT l.id FROM inventory_lot l WHERE l.sku_id = k.id ORDER BY l.id DESC LIMIT %(most)s) o
   WHERE k.merchant_id = ANY (%(merchants)s) AND k.code_key = upper(%(text)s)
   ORDER BY o.id DESC LIMIT %(most)s)
  UNION
  (SELECT o.id FROM unnest(%(merchants)s::bigint[]) AS m(id)
   CROSS JOIN LATERAL (SELECT l.id FROM inventory_lot l WHERE l.merchant_id = m.id AND l.status <> 'approved'
                       ORDER BY l.id DESC LIMIT %(most)s) o
   WHERE %(text)s = ''
   ORDER BY o.id DESC LIMIT %(most)s)
  ORDER BY id DESC LIMIT %(most)s
)
SELECT l.id, l.merchant_id, l.code, l.is_serial, l.status, l.expires_on, s.id, s.code, s.name, 0
FROM found f JOIN inventory_lot l ON l.id = f.id JOIN catalog_sku s ON s.id = l.sku_id
ORDER BY l.id DESC
