-- Give orders other tags, many at once, and keep what they are found by: a row for each tag, in capitals.
WITH changed AS (
  UPDATE orders_order o SET tags = t.tags
  FROM jsonb_to_recordset(%s::jsonb) AS t(id bigint, tags jsonb)
  WHERE o.id = t.id
  RETURNING o.merchant_id, o.id, o.tags
), wanted AS (
  SELECT DISTINCT c.merchant_id, c.id, left(upper(tag), 300) AS key
  FROM changed c CROSS JOIN LATERAL jsonb_array_elements_text(c.tags) AS tag
), gone AS (
  DELETE FROM orders_ordertag k USING changed c
  WHERE k.order_id = c.id AND NOT EXISTS (SELECT FROM wanted w WHERE w.id = k.order_id AND w.key = k.key)
)
INSERT INTO orders_ordertag (merchant_id, order_id, key) SELECT merchant_id, id, key FROM wanted ORDER BY id, key
ON CONFLICT (order_id, key) DO NOTHING
