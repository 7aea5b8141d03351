-- Orders of a channel of which something is still to be sent from here, and which its shop itself told of: what waits or is held is
-- read from its indexes, and no order that has left. Those of which somebody decides already are left out.
WITH unsent AS MATERIALIZED (
  SELECT f.order_id FROM orders_fulfillmentorder f
  WHERE f.merchant_id = %(merchant)s AND f.order_id > %(after)s
    AND f.stage IN ('waiting', 'ready', 'released', 'picking', 'picked', 'packed', 'labelling', 'labelled')
  UNION
  SELECT h.order_id FROM orders_hold h
  WHERE h.merchant_id = %(merchant)s AND h.order_id > %(after)s AND h.released_at IS NULL
)
SELECT o.id, o.external_ref
FROM unsent u JOIN orders_order o ON o.id = u.order_id
WHERE o.channel_id = %(channel)s AND o.state = 'open' AND NOT o.quiet
  AND EXISTS (SELECT FROM intake_shopmessage s
              WHERE s.channel_id = o.channel_id AND s.external_ref = o.external_ref AND s.order_id = o.id)
  AND NOT EXISTS (SELECT FROM orders_hold h WHERE h.order_id = o.id AND h.reason = %(reason)s)
ORDER BY o.id LIMIT %(most)s
