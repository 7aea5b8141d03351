-- The orders on the floor that have an open task whose allocation ended, among owners that lost units: order
-- lines, or lines that are inserts.
SELECT DISTINCT t.fulfillment_order_id
FROM picking_picktask t
JOIN inventory_allocation a ON a.id = t.allocation_id AND NOT a.open
JOIN orders_fulfillmentline l ON l.id = t.fulfillment_line_id
WHERE t.state = 'open' AND (l.order_line_id = ANY (%s) OR (l.id = ANY (%s) AND l.order_line_id IS NULL))
