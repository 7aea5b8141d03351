-- SKUs by code in capitals, in use or not.
SELECT s.id, s.code, s.kind, s.tracks_lots, s.tracks_serials, s.tracks_expiry
FROM unnest(%s::text[]) AS wanted(key)
JOIN catalog_sku s ON s.merchant_id = %s AND s.code_key = wanted.key
