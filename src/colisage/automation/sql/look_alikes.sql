-- For each of these orders, those that were looked at before it with the same lines for the same e-mail address, or to the same person at the
-- same address, not further apart than so many hours: the latest five of each.
SELECT t.order_id, like_it.order_id
FROM automation_trace t
CROSS JOIN LATERAL (
  SELECT e.order_id FROM (
    SELECT a.order_id, a.placed_at FROM automation_trace a
    WHERE a.merchant_id = t.merchant_id AND t.who_what <> '' AND a.who_what <> '' AND a.who_what = t.who_what
    UNION
    SELECT b.order_id, b.placed_at FROM automation_trace b
    WHERE b.merchant_id = t.merchant_id AND t.where_what <> '' AND b.where_what <> '' AND b.where_what = t.where_what
  ) AS e
  WHERE e.order_id <> t.order_id AND (e.order_id < t.order_id OR e.order_id <> ALL (%(orders)s))
    AND e.placed_at BETWEEN t.placed_at - make_interval(hours => %(hours)s)
    AND t.placed_at + make_interval(hours => %(hours)s)
  ORDER BY e.order_id DESC LIMIT 5
) AS like_it
WHERE t.merchant_id = %(merchant)s AND t.order_id = ANY (%(orders)s)
ORDER BY 1, 2 DESC
