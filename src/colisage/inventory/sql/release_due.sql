-- What was kept in until a day that has begun where its merchant is may be held from now on.
WITH due AS (
  SELECT v.sku_id, v.node_id FROM inventory_availability v JOIN people_merchant m ON m.id = v.merchant_id
  WHERE v.unreleased AND v.ahead_on <= (%s::timestamptz AT TIME ZONE m.timezone)::date
  ORDER BY v.sku_id, v.node_id FOR NO KEY UPDATE OF v
)
UPDATE inventory_availability v SET unreleased = false FROM due
WHERE v.sku_id = due.sku_id AND v.node_id = due.node_id
RETURNING v.merchant_id, v.sku_id, v.node_id
