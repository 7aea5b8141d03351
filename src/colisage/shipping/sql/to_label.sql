-- Packed parts at nodes of operators for which no label was asked for and nothing failed: the request went missing, or a
-- label was voided by hand.
SELECT f.id FROM orders_fulfillmentorder f
JOIN orders_order o ON o.id = f.order_id AND NOT o.quiet
JOIN network_node n ON n.id = f.node_id
WHERE f.stage = 'packed' AND NOT f.held
  AND NOT EXISTS (SELECT 1 FROM orders_fulfillmentorder m  -- a parcel of several orders hangs on the first, and waits for all
                  WHERE m.together = f.together AND (m.id < f.id OR m.held))
  AND f.merchant_id = ANY (%(merchants)s) AND n.operator_id = ANY (%(operators)s)
  AND NOT EXISTS (
    SELECT 1 FROM shipping_shipment s
    WHERE s.fulfillment_order_id = f.id AND s.state IN ('requested', 'unknown', 'bought', 'failed'))
ORDER BY f.ship_by NULLS LAST, f.id
LIMIT %(most)s
