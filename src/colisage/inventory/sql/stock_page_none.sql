-- One page, by code, of the SKUs of which nothing may be promised: anywhere, or (with a node) at a node that keeps them. Those
-- that may lack something are read from an index of their own (0040) and looked at one by one, until the page is full. It does
-- not know who is not sold any more and stands somewhere, or was never in a bin of the node; those are among what is set aside.
WITH found AS MATERIALIZED (
  (SELECT s.id, s.code_key
   FROM unnest(%(merchants)s::bigint[]) AS m(id)
   CROSS JOIN LATERAL (
     SELECT s.id, s.code_key
     FROM (SELECT DISTINCT l.code_key, l.sku_id FROM inventory_lacking l
           WHERE l.merchant_id = m.id AND l.node_id = coalesce(%(node)s::bigint, 0)
             AND l.code_key >= %(code)s AND (l.code_key > %(code)s OR l.sku_id > %(pk)s)
           ORDER BY l.code_key, l.sku_id) l
     CROSS JOIN LATERAL (
       SELECT s.id, s.code_key FROM catalog_sku s
       WHERE s.id = l.sku_id AND s.code_key = l.code_key
         /* conditions */
       OFFSET 0) s
     ORDER BY l.code_key, l.sku_id LIMIT %(size)s) s
   ORDER BY s.code_key, s.id LIMIT %(size)s)
  UNION
  (SELECT s.id, s.code_key
   FROM (SELECT DISTINCT c.sku_id FROM inventory_stockcell c
         WHERE c.merchant_id = ANY (%(merchants)s::bigint[]) AND c.qty > 0 AND NOT c.sellable
           AND (%(node)s::bigint IS NULL OR c.node_id = %(node)s::bigint)) aside
   CROSS JOIN LATERAL (
     SELECT s.id, s.code_key FROM catalog_sku s
     WHERE s.id = aside.sku_id AND s.code_key >= %(code)s AND (s.code_key > %(code)s OR s.id > %(pk)s)
       AND (NOT s.active OR %(node)s::bigint IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM inventory_availability v WHERE v.sku_id = s.id AND v.node_id = %(node)s::bigint OFFSET 0))
       /* conditions */
     OFFSET 0) s
   ORDER BY s.code_key, s.id LIMIT %(size)s)
  ORDER BY code_key, id LIMIT %(size)s
)
SELECT s.id, s.merchant_id, s.code, s.name, s.kind, s.code_key
FROM found f JOIN catalog_sku s ON s.id = f.id
ORDER BY s.code_key, s.id
