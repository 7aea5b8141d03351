-- What open orders of a channel still wait for from us, by the SKU that was sold: of a bundle, the complete sets.
WITH open AS (
  SELECT x.order_line_id, x.sku_id, sum(x.quantity)::int AS units
  FROM orders_fulfillmentorder f
  JOIN orders_order o ON o.id = f.order_id AND o.channel_id = %(channel)s
  JOIN orders_fulfillmentline x ON x.fulfillment_order_id = f.id
  WHERE f.merchant_id = %(merchant)s AND f.stage NOT IN ('handed_over', 'delivered', 'cancelled')
  GROUP BY 1, 2
), sold AS (
  SELECT l.sku_id,
         CASE WHEN l.recipe IS NULL THEN sum(open.units)
              ELSE min(open.units / (SELECT greatest((part ->> 1)::int, 1) FROM jsonb_array_elements(l.recipe) part
                                     WHERE (part ->> 0)::bigint = open.sku_id)) END AS units
  FROM open JOIN orders_orderline l ON l.id = open.order_line_id
  GROUP BY l.id
)
SELECT sku_id, sum(units)::int FROM sold WHERE sku_id IS NOT NULL GROUP BY sku_id
