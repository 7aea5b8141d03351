-- The most urgent orders of a node that may be released, of one cut-off or of all.
SELECT f.id
FROM orders_fulfillmentorder f
JOIN orders_order o ON o.id = f.order_id AND NOT o.quiet
WHERE f.node_id = %(node)s AND f.merchant_id = ANY (%(merchants)s) AND f.stage = 'ready' AND NOT f.held
  AND (%(all)s OR f.ship_by IS NOT DISTINCT FROM %(ship_by)s)
ORDER BY f.priority DESC, f.ship_by NULLS LAST, f.id
LIMIT %(most)s
