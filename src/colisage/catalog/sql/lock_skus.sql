-- SKUs by code in capitals, locked in the order of their ids; the columns are `save_skus.COLUMNS`.
SELECT s.id, s.code_key, s.code, s.kind, s.name, s.product, s.grams, s.length_mm, s.width_mm, s.height_mm, s.price_cents,
       s.cost_cents, s.hs_code, s.origin, s.fragile, s.stackable, s.keep_upright, s.hazardous, s.digital, s.tracks_lots,
       s.tracks_serials, s.tracks_expiry, s.days_left, s.rotation, s.storage_id, s.active
FROM unnest(%s::text[]) AS wanted(key)
JOIN catalog_sku s ON s.merchant_id = %s AND s.code_key = wanted.key
ORDER BY s.id
FOR NO KEY UPDATE OF s
