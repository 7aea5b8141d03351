-- The orders that could go in one parcel with this one: one of the parts of each is to pick at the same node for the same person and
-- door, and they do not go together already.
SELECT o.id, o.number
FROM orders_order o
WHERE o.state = 'open' AND o.id IN (
  SELECT e.order_id
  FROM orders_doorstep d
  JOIN orders_fulfillmentorder f ON f.order_id = d.order_id AND f.stage = 'ready' AND NOT f.held AND f.kind = 'sale'
  JOIN orders_doorstep e ON e.key = d.key AND e.key <> '' AND e.merchant_id = d.merchant_id AND e.order_id <> d.order_id
  JOIN orders_fulfillmentorder g ON g.order_id = e.order_id AND g.stage = 'ready' AND NOT g.held AND g.kind = 'sale'
  WHERE d.merchant_id = %(merchant)s AND d.order_id = %(order)s AND d.key <> '' AND g.node_id = f.node_id
    AND (g.together IS NULL OR g.together IS DISTINCT FROM f.together)
)
ORDER BY o.id LIMIT %(most)s
