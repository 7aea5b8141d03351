-- What is sold, by code in any case (see `skus_by_code`); the columns are those of `queries.SoldSku`.
SELECT id, code, name, kind, digital
FROM catalog_sku
WHERE merchant_id = %s::bigint AND code_key = ANY (%s::text[]) AND active
