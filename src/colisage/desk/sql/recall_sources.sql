-- Where units of lots came from: each arrival with its receipt, purchase order and supplier where there are any.
SELECT m.id, m.occurred_at, m.reason, m.qty, m.doc_kind, m.doc_id, node.name, lot.code,
       receipt.by_name, bought.id, bought.number, supplier.name
FROM inventory_stockcell inside
JOIN inventory_lot lot ON lot.id = inside.lot_id
JOIN inventory_stockmovement m ON m.to_cell_id = inside.id
JOIN inventory_stockcell other ON other.id = m.from_cell_id
LEFT JOIN network_node node ON node.id = inside.node_id
LEFT JOIN inbound_receipt receipt ON m.doc_kind = 'receipt' AND receipt.id = m.doc_id
LEFT JOIN inbound_purchaseorder bought ON bought.id = receipt.purchase_order_id
LEFT JOIN inbound_supplier supplier ON supplier.id = bought.supplier_id
WHERE inside.lot_id = ANY (%(lots)s) AND inside.kept AND NOT other.kept
ORDER BY m.id
LIMIT %(most)s
