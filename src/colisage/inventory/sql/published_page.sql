-- One page of SKUs a channel may sell, by code; with `since`, only those whose availability (of a bundle: of one of its
-- components) was changed by a transaction as young as that.
SELECT s.id, s.code, s.name, s.kind, s.code_key
FROM catalog_sku s
WHERE s.merchant_id = %(merchant)s AND s.active AND NOT s.digital
  AND s.code_key >= %(code)s AND (s.code_key > %(code)s OR s.id > %(pk)s)
  /* conditions */
  AND (%(since)s::bigint IS NULL
       OR EXISTS (SELECT 1 FROM inventory_availability v WHERE v.sku_id = s.id AND v.changed >= %(since)s::bigint)
       OR s.kind = 'bundle' AND EXISTS (
         SELECT 1 FROM catalog_component c JOIN inventory_availability v ON v.sku_id = c.sku_id
         WHERE c.parent_id = s.id AND v.changed >= %(since)s::bigint))
ORDER BY s.code_key, s.id LIMIT %(size)s
