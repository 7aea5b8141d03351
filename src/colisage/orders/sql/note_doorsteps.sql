-- Write down the doors of orders, and that those who have the same share it. Who was written before keeps its row, with another key
-- where it changed. The merchants are locked: of two who write at once one sees what the other wrote.
WITH told AS (
  SELECT * FROM jsonb_to_recordset(%s::jsonb) AS t (id bigint, merchant_id bigint, key text)
), beside AS (  -- what is here already
  SELECT d.order_id, d.merchant_id, d.key FROM orders_doorstep d
  WHERE d.key IN (SELECT key FROM told WHERE key <> '') AND d.key <> '' AND d.order_id NOT IN (SELECT id FROM told)
), several AS (
  SELECT merchant_id, key FROM (
    SELECT merchant_id, key FROM told WHERE key <> '' UNION ALL SELECT merchant_id, key FROM beside
  ) every GROUP BY merchant_id, key HAVING count(*) > 1
), others AS (
  UPDATE orders_doorstep d SET shared = true
  FROM beside b JOIN several s USING (merchant_id, key)
  WHERE d.order_id = b.order_id AND NOT d.shared
)
INSERT INTO orders_doorstep (order_id, merchant_id, key, shared)
SELECT t.id, t.merchant_id, t.key, s.key IS NOT NULL FROM told t LEFT JOIN several s USING (merchant_id, key)
ORDER BY t.id
ON CONFLICT (order_id) DO UPDATE SET key = excluded.key, shared = excluded.shared
WHERE (orders_doorstep.key, orders_doorstep.shared) IS DISTINCT FROM (excluded.key, excluded.shared)
