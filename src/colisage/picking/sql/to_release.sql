-- The most urgent orders of a node and cut-off that may be released.
SELECT f.id
FROM orders_fulfillmentorder f
JOIN orders_order o ON o.id = f.order_id AND NOT o.quiet
WHERE f.node_id = %(node)s AND f.merchant_id = ANY (%(merchants)s) AND f.stage = 'ready' AND NOT f.held
  AND f.ship_by IS NOT DISTINCT FROM %(ship_by)s::timestamptz
ORDER BY f.priority DESC, f.ship_by NULLS LAST, o.wanted_on NULLS LAST, f.id
LIMIT %(most)s
