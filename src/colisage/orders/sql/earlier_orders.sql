-- How many orders each of these customers (by e-mail address) placed before, up to a hundred; cancelled ones do not count.
SELECT o.id, (
  SELECT count(*) FROM (
    SELECT 1 FROM orders_order e
    WHERE e.merchant_id = o.merchant_id AND e.email_key = o.email_key AND e.id < o.id AND e.state <> 'cancelled'
    LIMIT 100
  ) AS before
)
FROM orders_order o
WHERE o.merchant_id = %s AND o.id = ANY (%s) AND o.email <> ''
