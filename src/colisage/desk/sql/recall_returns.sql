-- Units of the SKUs of lots that came back from the orders which had got units of the lots.
SELECT r.id, o.id, o.number, r.state, r.received_at, sum(i.received)::bigint
FROM returns_returnrequest r
JOIN returns_returnitem i ON i.return_request_id = r.id AND i.merchant_id = r.merchant_id
JOIN orders_order o ON o.id = r.order_id
WHERE i.sku_id = ANY (%(skus)s) AND i.received > 0 AND r.order_id IN (
    SELECT f.order_id
    FROM inventory_stockcell c
    JOIN inventory_stockmovement m ON m.from_cell_id = c.id AND m.doc_kind = 'parcel_out'
    JOIN packing_parcel p ON p.id = m.doc_id
    LEFT JOIN packing_parcelline pl ON pl.id = m.doc_line
    LEFT JOIN orders_fulfillmentline fl ON fl.id = pl.fulfillment_line_id
    JOIN orders_fulfillmentorder f ON f.id = CASE WHEN fl.id IS NULL THEN p.fulfillment_order_id ELSE fl.fulfillment_order_id END
    WHERE c.lot_id = ANY (%(lots)s)
)
GROUP BY r.id, o.id
ORDER BY r.id
LIMIT %(most)s
