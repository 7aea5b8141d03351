-- Lots whose day has come at their merchant: past their date, or with fewer days left than their SKU must still keep.
-- What somebody decided to sell to the end is blocked by its date only. A recalled lot stays recalled.
SELECT l.id, l.merchant_id, l.expires_on < t.today AS expired, t.today
FROM inventory_lot l
JOIN catalog_sku s ON s.id = l.sku_id
JOIN people_merchant m ON m.id = l.merchant_id
CROSS JOIN LATERAL (SELECT (%(now)s::timestamptz AT TIME ZONE m.timezone)::date AS today) t
WHERE l.expires_on IS NOT NULL AND l.status IN ('approved', 'quarantined') AND (
  l.expires_on < t.today
  OR l.status = 'approved' AND s.days_left > 0 AND l.expires_on - s.days_left < t.today AND NOT l.sold_to_the_end)
ORDER BY l.merchant_id, l.id
LIMIT %(most)s
