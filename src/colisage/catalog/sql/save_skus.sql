-- Make SKUs, or change what the rows say of those that exist (null says nothing); gives id, code, and whether it is new.
WITH r AS (
  SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(
    code text, name text, product text, kind text, grams int, length_mm int, width_mm int, height_mm int, price_cents bigint,
    cost_cents bigint, hs_code text, origin text, fragile boolean, stackable boolean, keep_upright boolean, hazardous boolean,
    digital boolean, tracks_lots boolean, tracks_expiry boolean, rotation text)
), known AS (
  SELECT id, code_key FROM catalog_sku
  WHERE merchant_id = %(merchant)s AND code_key IN (SELECT upper(code) FROM r)
  ORDER BY id FOR NO KEY UPDATE
), changed AS (
  UPDATE catalog_sku s SET
    name = coalesce(r.name, s.name), product = coalesce(r.product, s.product), grams = coalesce(r.grams, s.grams),
    length_mm = coalesce(r.length_mm, s.length_mm), width_mm = coalesce(r.width_mm, s.width_mm),
    height_mm = coalesce(r.height_mm, s.height_mm), price_cents = coalesce(r.price_cents, s.price_cents),
    cost_cents = coalesce(r.cost_cents, s.cost_cents), hs_code = coalesce(r.hs_code, s.hs_code),
    origin = coalesce(r.origin, s.origin), fragile = coalesce(r.fragile, s.fragile),
    stackable = coalesce(r.stackable, s.stackable), keep_upright = coalesce(r.keep_upright, s.keep_upright),
    hazardous = coalesce(r.hazardous, s.hazardous), digital = coalesce(r.digital, s.digital),
    tracks_lots = coalesce(r.tracks_lots, s.tracks_lots), tracks_expiry = coalesce(r.tracks_expiry, s.tracks_expiry),
    rotation = coalesce(r.rotation, s.rotation)
  FROM r JOIN known k ON k.code_key = upper(r.code)
  WHERE s.id = k.id
  RETURNING s.id, s.code
), made AS (
  INSERT INTO catalog_sku AS s (
    merchant_id, code, name, product, kind, grams, length_mm, width_mm, height_mm, price_cents, cost_cents, hs_code, origin,
    fragile, stackable, keep_upright, hazardous, digital, tracks_lots, tracks_serials, tracks_expiry, rotation, active)
  SELECT
    %(merchant)s, code, coalesce(name, code), coalesce(product, ''), coalesce(kind, 'unit'), grams, length_mm, width_mm,
    height_mm, coalesce(price_cents, 0), coalesce(cost_cents, 0), coalesce(hs_code, ''), coalesce(origin, ''),
    coalesce(fragile, false), coalesce(stackable, true), coalesce(keep_upright, false), coalesce(hazardous, false),
    coalesce(digital, false), coalesce(tracks_lots, false), false, coalesce(tracks_expiry, false), coalesce(rotation, 'fifo'),
    true
  FROM r WHERE upper(code) NOT IN (SELECT code_key FROM known)
  ORDER BY upper(code)
  ON CONFLICT (merchant_id, code_key) DO UPDATE SET name = excluded.name  -- made by somebody else a moment ago
  RETURNING s.id, s.code, s.xmax = 0 AS is_new
)
SELECT id, code, false FROM changed UNION ALL SELECT id, code, is_new FROM made
