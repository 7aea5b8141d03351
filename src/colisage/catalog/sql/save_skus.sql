-- Make SKUs, or change what the rows say of those that exist; gives id, code, and whether it is new.
INSERT INTO catalog_sku AS s (
  merchant_id, code, name, product, kind, grams, length_mm, width_mm, height_mm, price_cents, cost_cents, hs_code, origin,
  fragile, stackable, keep_upright, hazardous, digital, tracks_lots, tracks_serials, tracks_expiry, rotation, active)
SELECT
  %(merchant)s, code, coalesce(name, code), coalesce(product, ''), coalesce(kind, 'unit'), grams, length_mm, width_mm, height_mm,
  coalesce(price_cents, 0), coalesce(cost_cents, 0), coalesce(hs_code, ''), coalesce(origin, ''), coalesce(fragile, false), true,
  coalesce(keep_upright, false), coalesce(hazardous, false), coalesce(digital, false), coalesce(tracks_lots, false), false,
  coalesce(tracks_expiry, false), coalesce(rotation, 'fifo'), true
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(
  code text, name text, product text, kind text, grams int, length_mm int, width_mm int, height_mm int, price_cents bigint,
  cost_cents bigint, hs_code text, origin text, fragile boolean, keep_upright boolean, hazardous boolean, digital boolean,
  tracks_lots boolean, tracks_expiry boolean, rotation text)
ORDER BY upper(code)
ON CONFLICT (merchant_id, code_key) DO UPDATE SET
  name = CASE WHEN excluded.name = excluded.code THEN s.name ELSE excluded.name END,
  product = coalesce(nullif(excluded.product, ''), s.product),
  grams = coalesce(excluded.grams, s.grams),
  length_mm = coalesce(excluded.length_mm, s.length_mm),
  width_mm = coalesce(excluded.width_mm, s.width_mm),
  height_mm = coalesce(excluded.height_mm, s.height_mm),
  price_cents = coalesce(nullif(excluded.price_cents, 0), s.price_cents),
  cost_cents = coalesce(nullif(excluded.cost_cents, 0), s.cost_cents),
  hs_code = coalesce(nullif(excluded.hs_code, ''), s.hs_code),
  origin = coalesce(nullif(excluded.origin, ''), s.origin),
  fragile = excluded.fragile OR s.fragile,
  keep_upright = excluded.keep_upright OR s.keep_upright,
  hazardous = excluded.hazardous OR s.hazardous,
  digital = excluded.digital OR s.digital,
  tracks_lots = excluded.tracks_lots OR s.tracks_lots,
  tracks_expiry = excluded.tracks_expiry OR s.tracks_expiry
RETURNING s.id, s.code, s.xmax = 0
