-- How many other recipients had orders to the same address within a day, for each of these orders that has any.
SELECT t.order_id, count(DISTINCT o.name)
FROM automation_trace t
JOIN automation_trace o ON o.merchant_id = t.merchant_id AND o.place <> '' AND o.place = t.place
WHERE t.merchant_id = %(merchant)s AND t.order_id = ANY (%(orders)s) AND t.place <> ''
  AND o.order_id <> t.order_id AND (o.order_id < t.order_id OR o.order_id <> ALL (%(orders)s)) AND o.name <> '' AND o.name <> t.name
  AND o.placed_at BETWEEN t.placed_at - interval '1 day' AND t.placed_at + interval '1 day'
GROUP BY t.order_id
