-- Open parcels of merchants at nodes, the most urgent first, from a cursor on: (cut-off or the end of time, id).
SELECT p.id, p.fulfillment_order_id, p.number,
       (SELECT count(*) FROM packing_parcel q WHERE q.fulfillment_order_id = p.fulfillment_order_id AND q.state <> 'void'),
       f.node_id, f.ship_by, o.id,
       concat_ws(' + ', o.number, (SELECT string_agg(x.number, ' + ' ORDER BY x.id) FROM orders_fulfillmentorder m
                                   JOIN orders_order x ON x.id = m.order_id
                                   WHERE m.together = f.together AND m.order_id <> o.id)), o.customer_name, b.name, p.expected_grams, m.name,
       f.held OR EXISTS (SELECT 1 FROM orders_fulfillmentorder h WHERE h.together = f.together AND h.held)
FROM packing_parcel p
JOIN orders_fulfillmentorder f ON f.id = p.fulfillment_order_id AND f.stage = 'picked'
JOIN orders_order o ON o.id = f.order_id
JOIN people_merchant m ON m.id = p.merchant_id
LEFT JOIN boxing_boxtype b ON b.id = p.box_type_id
WHERE p.state = 'open' AND p.merchant_id = ANY (%(merchants)s)
  AND (coalesce(f.ship_by, 'infinity'), p.id) > (%(after_time)s::timestamptz, %(after_id)s)
ORDER BY coalesce(f.ship_by, 'infinity'), p.id
LIMIT %(size)s
