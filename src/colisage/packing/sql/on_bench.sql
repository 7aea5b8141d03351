-- The units picked for fulfilment orders as they lie on the bench, by fulfilment line.
SELECT t.fulfillment_line_id, c.lot_id, c.plate_id, c.owner_id, c.condition, c.place_id, sum(m.qty)::int AS qty
FROM picking_picktask t
JOIN inventory_stockmovement m ON m.doc_kind = 'pick_task' AND m.doc_id = t.id
JOIN inventory_stockcell c ON c.id = m.to_cell_id
WHERE t.fulfillment_order_id = ANY (%s)
GROUP BY t.fulfillment_line_id, c.id
ORDER BY t.fulfillment_line_id, c.id
