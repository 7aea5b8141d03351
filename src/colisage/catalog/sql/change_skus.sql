-- Set every fact of SKUs that are locked.
UPDATE catalog_sku s SET
  name = r.name, product = r.product, grams = r.grams, length_mm = r.length_mm, width_mm = r.width_mm, height_mm = r.height_mm,
  price_cents = r.price_cents, cost_cents = r.cost_cents, hs_code = r.hs_code, origin = r.origin, fragile = r.fragile,
  stackable = r.stackable, keep_upright = r.keep_upright, hazardous = r.hazardous, digital = r.digital,
  tracks_lots = r.tracks_lots, tracks_serials = r.tracks_serials, tracks_expiry = r.tracks_expiry,
  days_left = r.days_left, rotation = r.rotation, storage_id = r.storage_id, active = r.active
FROM jsonb_to_recordset(%s::jsonb) AS r(
  id bigint, name text, product text, grams int, length_mm int, width_mm int, height_mm int, price_cents bigint,
  cost_cents bigint, hs_code text, origin text, fragile boolean, stackable boolean, keep_upright boolean, hazardous boolean,
  digital boolean, tracks_lots boolean, tracks_serials boolean, tracks_expiry boolean, days_left int, rotation text, storage_id bigint,
  active boolean)
WHERE s.id = r.id AND s.merchant_id = %s
