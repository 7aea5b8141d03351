-- SKUs by code in any case; the columns are those of `queries.SkuFacts`. The code in capitals is a column: behind the wall,
-- an index on upper(code) would not be used, because PostgreSQL does not vouch for upper() to keep rows secret.
SELECT id, merchant_id, code, name, kind, grams, length_mm, width_mm, height_mm, fragile, keep_upright, stackable, digital,
       hazardous, price_cents, cost_cents, hs_code, origin, rotation, tracks_lots, tracks_serials, tracks_expiry
FROM catalog_sku
WHERE merchant_id = %s::bigint AND code_key = ANY (%s::text[]) AND active
