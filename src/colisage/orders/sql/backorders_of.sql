-- What is known of the days of these orders, however many: one parameter.
SELECT * FROM orders_backorder WHERE order_id = ANY (%s)
