-- How far the orders of these ids are: line by line, what is wanted, what was taken, what open tasks will take.
SELECT l.fulfillment_order_id, l.id, l.order_line_id, l.sku_id, l.reservation_id, l.quantity,
       coalesce(sum(t.picked), 0)::int AS picked,
       coalesce(sum(t.quantity) FILTER (WHERE t.state = 'open'), 0)::int AS coming
FROM orders_fulfillmentline l
LEFT JOIN picking_picktask t ON t.fulfillment_order_id = l.fulfillment_order_id AND t.fulfillment_line_id = l.id
WHERE l.fulfillment_order_id = ANY (%s)
GROUP BY l.id
ORDER BY l.fulfillment_order_id, l.id
