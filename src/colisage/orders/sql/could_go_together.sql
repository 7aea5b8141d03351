-- Parts that are ready and of whose customer and postcode another one is ready at the same node; what one order asks for,
-- or everything: of all that is ready only so much is compared as leaves first. Whether it is truly the same person and door is
-- judged afterwards.
WITH here AS (
  SELECT f.id, f.merchant_id, f.node_id, f.order_id, f.together, o.number, o.email, o.phone, o.customer_name, o.ship_to,
         o.shipping_method, coalesce(nullif(o.email_key, ''), o.customer_key) AS person, upper(o.ship_to ->> 'postcode') AS postcode
  FROM (
    SELECT f.* FROM network_node n
    CROSS JOIN LATERAL (  -- node by node, as they stand in the index: of many that wait, no more is read than is compared
      SELECT f.id, f.merchant_id, f.node_id, f.order_id, f.together, f.ship_by FROM orders_fulfillmentorder f
      WHERE f.node_id = n.id AND f.merchant_id = ANY (%(merchants)s) AND f.stage = 'ready' AND NOT f.held AND f.kind = 'sale'
        AND (%(order)s::bigint IS NULL OR f.order_id = ANY (ARRAY(
          SELECT p.id FROM orders_order q
          JOIN orders_order p ON p.merchant_id = q.merchant_id AND p.email_key = q.email_key
          WHERE q.id = %(order)s::bigint AND q.email_key <> '' AND p.state = 'open'
          UNION ALL
          SELECT p.id FROM orders_order q
          JOIN orders_order p ON p.merchant_id = q.merchant_id AND p.customer_key = q.customer_key
          WHERE q.id = %(order)s::bigint AND q.email_key = '' AND q.customer_key <> '' AND p.state = 'open')))
      ORDER BY f.ship_by LIMIT %(most)s
    ) f
    ORDER BY f.ship_by, f.id LIMIT %(most)s
  ) f
  JOIN orders_order o ON o.id = f.order_id AND o.state = 'open' AND NOT o.quiet
), counted AS (
  SELECT *, count(*) OVER (PARTITION BY merchant_id, node_id, person, postcode) AS beside FROM here
)
SELECT c.merchant_id, c.node_id, c.shipping_method, c.email, c.phone, c.order_id, c.number, c.id, c.together, c.customer_name,
       c.ship_to, (SELECT sum(l.quantity)::int FROM orders_fulfillmentline l WHERE l.fulfillment_order_id = c.id)
FROM counted c
WHERE c.beside > 1
ORDER BY c.merchant_id, c.node_id, c.person, c.id
LIMIT %(most)s
