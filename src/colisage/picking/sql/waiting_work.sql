-- What may be released, by node and cut-off: how many orders, units, and since when the oldest waits.
SELECT f.node_id, f.ship_by, count(DISTINCT f.id) AS orders, sum(l.quantity)::int AS units, min(f.stage_at) AS oldest
FROM orders_fulfillmentorder f
JOIN orders_order o ON o.id = f.order_id AND NOT o.quiet
JOIN orders_fulfillmentline l ON l.fulfillment_order_id = f.id
WHERE f.node_id = ANY (%(nodes)s) AND f.merchant_id = ANY (%(merchants)s) AND f.stage = 'ready' AND NOT f.held
GROUP BY f.node_id, f.ship_by
ORDER BY f.node_id, f.ship_by NULLS LAST
