-- The orders with a part to pick of whose customer and door another order has one to pick at the same node, unless they go in one
-- parcel already: of those of whom it is written down that they share a door, each is looked at by itself (OFFSET), the newest first,
-- until the page is full.
SELECT d.order_id
FROM orders_doorstep d
WHERE d.merchant_id = ANY (%s) AND d.shared AND EXISTS (
  SELECT FROM orders_fulfillmentorder f
  JOIN orders_doorstep e ON e.key = d.key AND e.key <> '' AND e.merchant_id = d.merchant_id AND e.order_id <> d.order_id
  JOIN orders_fulfillmentorder g ON g.order_id = e.order_id AND g.stage = 'ready' AND NOT g.held AND g.kind = 'sale'
  WHERE f.order_id = d.order_id AND f.stage = 'ready' AND NOT f.held AND f.kind = 'sale' AND g.node_id = f.node_id
    AND (g.together IS NULL OR g.together IS DISTINCT FROM f.together)
  OFFSET 0
)
