-- How many customers, orders, parcels and units of lots left the house with parcels.
SELECT count(DISTINCT coalesce(nullif(lower(o.email), ''), nullif(lower(o.customer_name), ''), o.id::text)),
       count(DISTINCT o.id), count(DISTINCT p.id), coalesce(sum(m.qty), 0)::bigint
FROM inventory_stockcell c
JOIN inventory_stockmovement m ON m.from_cell_id = c.id AND m.doc_kind = 'parcel_out'
JOIN packing_parcel p ON p.id = m.doc_id
LEFT JOIN packing_parcelline pl ON pl.id = m.doc_line
LEFT JOIN orders_fulfillmentline fl ON fl.id = pl.fulfillment_line_id
JOIN orders_fulfillmentorder f ON f.id = CASE WHEN fl.id IS NULL THEN p.fulfillment_order_id ELSE fl.fulfillment_order_id END
JOIN orders_order o ON o.id = f.order_id
WHERE c.lot_id = ANY (%(lots)s)
