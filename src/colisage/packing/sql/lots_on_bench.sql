-- The lots (and serial numbers) of a SKU that were picked for fulfilment orders.
SELECT DISTINCT l.code, l.is_serial
FROM picking_picktask t
JOIN inventory_stockmovement m ON m.doc_kind = 'pick_task' AND m.doc_id = t.id
JOIN inventory_stockcell c ON c.id = m.to_cell_id
JOIN inventory_lot l ON l.id = c.lot_id
WHERE t.fulfillment_order_id = ANY (%s) AND c.sku_id = %s
ORDER BY l.code
