-- Every parcel that took units of lots to a customer, from one on, with the orders of the customer that got them. Where one line of an order left in several parcels
-- with several lots, nobody saw which lot went into which of them: `shared` says so.
SELECT p.id, min(o.id), string_agg(DISTINCT o.number, ' + '), min(o.customer_name), min(o.email), min(o.phone), min(o.language),
       (array_agg(o.ship_to ORDER BY o.id))[1],
       sum(m.qty)::bigint, min(m.occurred_at), array_agg(DISTINCT lot.code), array_agg(DISTINCT sku.code),
       label.tracking_number, carrier.name, f.stage,
       bool_or(EXISTS (
           SELECT 1
           FROM packing_parcelline mine
           JOIN packing_parcel beside ON beside.merchant_id = p.merchant_id
            AND beside.fulfillment_order_id = p.fulfillment_order_id AND beside.id <> p.id
           JOIN packing_parcelline theirs
             ON theirs.parcel_id = beside.id AND theirs.fulfillment_line_id = mine.fulfillment_line_id
           JOIN inventory_stockmovement out
             ON out.doc_kind = 'parcel_out' AND out.doc_id = beside.id AND out.doc_line = theirs.id
           JOIN inventory_stockcell left_from ON left_from.id = out.from_cell_id
           WHERE mine.id = m.doc_line AND mine.parcel_id = p.id AND left_from.lot_id IS DISTINCT FROM c.lot_id
       )) AS shared
FROM inventory_stockcell c
JOIN inventory_lot lot ON lot.id = c.lot_id
JOIN catalog_sku sku ON sku.id = c.sku_id
JOIN inventory_stockmovement m ON m.from_cell_id = c.id AND m.doc_kind = 'parcel_out'
JOIN packing_parcel p ON p.id = m.doc_id
LEFT JOIN packing_parcelline pl ON pl.id = m.doc_line
LEFT JOIN orders_fulfillmentline fl ON fl.id = pl.fulfillment_line_id
JOIN orders_fulfillmentorder f ON f.id = CASE WHEN fl.id IS NULL THEN p.fulfillment_order_id ELSE fl.fulfillment_order_id END
JOIN orders_order o ON o.id = f.order_id
LEFT JOIN shipping_label label ON label.parcel_id = p.id AND label.state = 'good'
LEFT JOIN carriers_carrier carrier ON carrier.id = label.carrier_id
WHERE c.lot_id = ANY (%(lots)s) AND p.id > %(after)s
GROUP BY p.id, f.stage, label.tracking_number, carrier.name
ORDER BY p.id
LIMIT %(most)s
