-- The lines of open orders, history left out, of which something else is said than is known, or of which nobody was told
-- until their own news was heard. A line without a reason is there for that alone.
SELECT l.id, l.merchant_id, l.order_id
FROM jsonb_to_recordset(%s::jsonb) AS m(line bigint, "on" date, why text, heard boolean)
JOIN orders_orderline l ON l.id = m.line
JOIN orders_order o ON o.id = l.order_id AND o.state = 'open' AND NOT o.quiet
LEFT JOIN orders_backorder b ON b.order_line_id = l.id
WHERE CASE WHEN b.id IS NULL THEN m.why IS NOT NULL
  ELSE m.heard AND NOT b.told OR m.why <> b.why OR m.why <> 'here' AND m."on" IS DISTINCT FROM b."on" END
