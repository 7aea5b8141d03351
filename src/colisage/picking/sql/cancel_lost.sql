-- Cancel open tasks of these orders whose allocation ended under them: their units were lost or given to others.
UPDATE picking_picktask t SET state = 'cancelled', done_at = now()
FROM inventory_allocation a
WHERE t.fulfillment_order_id = ANY (%s) AND t.state = 'open' AND a.id = t.allocation_id AND NOT a.open
RETURNING t.fulfillment_order_id
