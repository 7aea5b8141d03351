-- One page, by code, of the SKUs of which nothing may be promised; bundles have no stock of their own. They may be few
-- among very many, so nothing is looked up SKU by SKU: those that give something are read once, from their own index, and left out
-- of all.
WITH lacking AS MATERIALIZED (
  SELECT s.id, s.code_key
  FROM catalog_sku s
  WHERE s.merchant_id = ANY (%(merchants)s::bigint[]) AND s.code_key >= %(code)s
    AND (s.code_key > %(code)s OR s.id > %(pk)s) AND s.kind <> 'bundle'
    AND (s.active OR EXISTS (SELECT 1 FROM inventory_stockcell c WHERE c.sku_id = s.id AND c.qty > 0 OFFSET 0))
    /* conditions */
    AND NOT EXISTS (SELECT 1 FROM inventory_availability v
                    WHERE v.merchant_id = ANY (%(merchants)s::bigint[]) AND v.sku_id = s.id AND v.gives
                      AND (%(node)s::bigint IS NULL OR v.node_id = %(node)s::bigint))
), page AS MATERIALIZED (
  SELECT id FROM lacking ORDER BY code_key, id LIMIT %(size)s
)
SELECT s.id, s.merchant_id, s.code, s.name, s.kind, s.code_key
FROM page p JOIN catalog_sku s ON s.id = p.id
ORDER BY s.code_key, s.id
