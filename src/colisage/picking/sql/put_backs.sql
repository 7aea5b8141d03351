-- What is to be put back, with the cells it was taken from and lies in now: the movement of its pick names both.
SELECT p.id, p.operator_id, p.merchant_id, p.node_id, p.task_id, p.units - p.back - p.missing AS left_over, p.since,
       t.sku_id, t.batch_id, t.tote,
       CASE WHEN l.order_line_id IS NULL THEN 'insert' ELSE 'order_line' END, coalesce(l.order_line_id, l.id), f.order_id, m.to_cell_id, c.lot_id, lot.code, coalesce(lot.is_serial, false),
       home.place_id, bin.code
FROM picking_putback p
JOIN picking_picktask t ON t.id = p.task_id
JOIN orders_fulfillmentline l ON l.id = t.fulfillment_line_id
JOIN orders_fulfillmentorder f ON f.id = t.fulfillment_order_id
JOIN inventory_stockmovement m ON m.doc_kind = 'pick_task' AND m.doc_id = t.id
JOIN inventory_stockcell c ON c.id = m.to_cell_id
JOIN inventory_stockcell home ON home.id = m.from_cell_id
JOIN network_place bin ON bin.id = home.place_id
LEFT JOIN inventory_lot lot ON lot.id = c.lot_id
WHERE p.done_at IS NULL AND p.operator_id = ANY (%(operators)s) AND p.merchant_id = ANY (%(merchants)s)
  AND p.id > %(after)s AND (%(one)s::bigint IS NULL OR p.id = %(one)s) AND (%(skus)s::bigint[] IS NULL OR t.sku_id = ANY (%(skus)s))
ORDER BY p.id
LIMIT %(size)s
