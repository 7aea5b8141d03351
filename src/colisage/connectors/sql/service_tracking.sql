-- Shipments that left of a channel's orders, by what the orders are called, the first first: each with its first good
-- number. Several orders may go in one parcel.
SELECT o.number_key, b.tracking_number
FROM orders_order o
JOIN orders_fulfillmentorder m ON m.order_id = o.id
JOIN orders_fulfillmentorder h ON h.id = m.id OR h.together = m.together
JOIN shipping_shipment s ON s.merchant_id = o.merchant_id AND s.fulfillment_order_id = h.id AND s.state = 'handed_over'
CROSS JOIN LATERAL (SELECT l.tracking_number FROM shipping_label l WHERE l.shipment_id = s.id AND l.state = 'good'
                    ORDER BY l.id LIMIT 1) b
WHERE o.number_key = ANY(%(names)s) AND o.merchant_id = %(merchant)s AND o.channel_id = %(channel)s
ORDER BY o.number_key, s.id
