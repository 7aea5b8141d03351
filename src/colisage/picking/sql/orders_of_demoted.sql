-- The orders on the floor that have an open task whose allocation ended, among owners (order lines) that lost units.
SELECT DISTINCT t.fulfillment_order_id
FROM picking_picktask t
JOIN inventory_allocation a ON a.id = t.allocation_id AND NOT a.open
JOIN orders_fulfillmentline l ON l.id = t.fulfillment_line_id
WHERE t.state = 'open' AND l.order_line_id = ANY (%s)
