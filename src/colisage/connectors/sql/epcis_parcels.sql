-- The parcels that names stand for: fulfilment order, number, parcel.
SELECT p.fulfillment_order_id, p.number, p.id
FROM jsonb_to_recordset(%(wanted)s) AS w (part bigint, number int)
JOIN packing_parcel p ON p.merchant_id = %(merchant)s AND p.fulfillment_order_id = w.part AND p.number = w.number
WHERE p.state <> 'void'
