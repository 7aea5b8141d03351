-- Ids for so many orders and so many lines, in the order in which they will be written.
SELECT ARRAY(SELECT nextval('orders_order_id_seq') FROM generate_series(1, %s::int)),
       ARRAY(SELECT nextval('orders_orderline_id_seq') FROM generate_series(1, %s::int))
