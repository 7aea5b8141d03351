-- Open orders with a part to pick whose door is not written down: of what is to pick only these are looked up.
WITH missing AS MATERIALIZED (
  SELECT DISTINCT f.order_id FROM orders_fulfillmentorder f
  WHERE f.stage = 'ready' AND f.kind = 'sale' AND NOT EXISTS (SELECT FROM orders_doorstep d WHERE d.order_id = f.order_id)
)
SELECT o.id FROM missing m JOIN orders_order o ON o.id = m.order_id WHERE o.state = 'open' AND NOT o.quiet ORDER BY o.id
