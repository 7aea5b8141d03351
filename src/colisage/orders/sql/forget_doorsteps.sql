-- Forget the doors of orders that are not open any more.
DELETE FROM orders_doorstep d USING orders_order o WHERE o.id = d.order_id AND o.state <> 'open'
