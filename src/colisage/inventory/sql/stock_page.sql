-- One page of SKUs by code: each merchant's own page from its index, then the first of them all. Conditions on the
-- stock are put in place of the mark, so that the planner sees only those that are asked. OFFSET 0: looked up SKU by SKU,
-- never as a list of all that is stocked.
SELECT s.id, s.merchant_id, s.code, s.name, s.kind, s.code_key
FROM unnest(%(merchants)s::bigint[]) AS m(id)
CROSS JOIN LATERAL (
  SELECT s.id, s.merchant_id, s.code, s.name, s.kind, s.code_key
  FROM catalog_sku s
  WHERE s.merchant_id = m.id AND s.code_key >= %(code)s AND (s.code_key > %(code)s OR s.id > %(pk)s)
    /* conditions */
  ORDER BY s.code_key, s.id LIMIT %(size)s
) s
ORDER BY s.code_key, s.id LIMIT %(size)s
