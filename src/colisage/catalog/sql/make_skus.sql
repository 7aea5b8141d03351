-- Make SKUs; what a row does not say is as usual. One that somebody else makes at this moment is left to them.
INSERT INTO catalog_sku AS s (
  merchant_id, code, name, product, kind, grams, length_mm, width_mm, height_mm, price_cents, cost_cents, hs_code, origin,
  fragile, stackable, keep_upright, hazardous, digital, tracks_lots, tracks_serials, tracks_expiry, days_left,
  rotation, storage_id, active)
SELECT
  %s, code, coalesce(name, code), coalesce(product, ''), coalesce(kind, 'unit'), grams, length_mm, width_mm, height_mm,
  coalesce(price_cents, 0), coalesce(cost_cents, 0), coalesce(hs_code, ''), coalesce(origin, ''), coalesce(fragile, false),
  coalesce(stackable, true), coalesce(keep_upright, false), coalesce(hazardous, false), coalesce(digital, false),
  coalesce(tracks_lots, false), coalesce(tracks_serials, false), coalesce(tracks_expiry, false), coalesce(days_left, 0),
  coalesce(rotation, 'fifo'), storage_id, coalesce(active, true)
FROM jsonb_to_recordset(%s::jsonb) AS r(
  code text, name text, product text, kind text, grams int, length_mm int, width_mm int, height_mm int, price_cents bigint,
  cost_cents bigint, hs_code text, origin text, fragile boolean, stackable boolean, keep_upright boolean, hazardous boolean,
  digital boolean, tracks_lots boolean, tracks_serials boolean, tracks_expiry boolean, days_left int, rotation text, storage_id bigint,
  active boolean)
ORDER BY upper(code)
ON CONFLICT (merchant_id, code_key) DO NOTHING
RETURNING id, code_key
