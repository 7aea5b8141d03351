-- Where the parts of an order left from and when the last was delivered: node of the first part that left, moment or null.
-- The moment is null while a part that left is still on the road.
SELECT (array_agg(node_id ORDER BY id))[1],
       CASE WHEN bool_and(stage = 'delivered') THEN max(stage_at) END
  FROM orders_fulfillmentorder
 WHERE merchant_id = %s AND order_id = %s AND stage IN ('handed_over', 'delivered', 'problem')
