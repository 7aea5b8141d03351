-- What was picked for cancelled parts of these orders and is not asked for yet: it shall go back, task by task.
INSERT INTO picking_putback (operator_id, merchant_id, node_id, task_id, units, back, missing, done_by)
SELECT t.operator_id, t.merchant_id, f.node_id, t.id, t.picked, 0, 0, ''
FROM orders_fulfillmentorder f
JOIN picking_picktask t ON t.fulfillment_order_id = f.id AND t.picked > 0
WHERE f.order_id = ANY (%s) AND f.stage = 'cancelled'
ORDER BY t.id
ON CONFLICT (task_id) DO NOTHING
