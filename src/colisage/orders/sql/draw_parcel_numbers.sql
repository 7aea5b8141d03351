-- Numbers for parcels that several orders share: no part has them as its id, nor any other parcel, now or ever.
SELECT nextval('orders_fulfillmentorder_id_seq') FROM generate_series(1, %s)
