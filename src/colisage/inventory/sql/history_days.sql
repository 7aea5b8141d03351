-- What was on hand at the end of each day on which something came or went, back to a moment; the first row says what
-- was there before it.
WITH inside AS (
  SELECT c.id, c.qty
  FROM inventory_stockcell c LEFT JOIN network_place p ON p.id = c.place_id
  WHERE c.sku_id = %(sku)s AND c.merchant_id = %(merchant)s AND c.kept AND p.kind IS DISTINCT FROM 'transit'
), days AS (
  SELECT (m.recorded_at AT TIME ZONE %(zone)s)::date AS day,
         sum(m.qty * ((t.id IS NOT NULL)::int - (f.id IS NOT NULL)::int))::int AS delta
  FROM inventory_stockmovement m
  LEFT JOIN inside f ON f.id = m.from_cell_id
  LEFT JOIN inside t ON t.id = m.to_cell_id
  WHERE m.sku_id = %(sku)s AND m.merchant_id = %(merchant)s AND m.recorded_at >= %(since)s
  GROUP BY 1
), here AS (
  SELECT coalesce(sum(qty), 0)::int AS qty FROM inside
)
SELECT NULL::date, (SELECT qty FROM here) - coalesce(sum(delta), 0)::int FROM days
UNION ALL
SELECT day, (SELECT qty FROM here) - (sum(delta) OVER (ORDER BY day DESC ROWS UNBOUNDED PRECEDING) - delta)::int FROM days
ORDER BY 1 NULLS FIRST
