-- Where units of lots came from: each arrival with its receipt, delivery, purchase order and supplier where there are any.
-- OFFSET 0: looked up arrival by arrival, never as a list of all that was ever bought; by CASE, because behind the wall what is
-- compared with coalesce() does not read an index (0010).
SELECT m.id, m.occurred_at, m.reason, m.qty, m.doc_kind, m.doc_id, node.name, lot.code,
       receipt.by_name, bought.id, coalesce(bought.number, announced.reference), supplier.name,
       nullif(delivery.note_number, ''), receipt.undone_at IS NOT NULL
FROM inventory_stockcell inside
JOIN inventory_lot lot ON lot.id = inside.lot_id
JOIN inventory_stockmovement m ON m.to_cell_id = inside.id
JOIN inventory_stockcell other ON other.id = m.from_cell_id
LEFT JOIN network_node node ON node.id = inside.node_id
LEFT JOIN inbound_receipt receipt ON m.doc_kind = 'receipt' AND receipt.id = m.doc_id
LEFT JOIN inbound_delivery delivery ON delivery.id = receipt.delivery_id
LEFT JOIN LATERAL (
  SELECT p.id, p.number, p.supplier_id FROM inbound_purchaseorder p
  WHERE p.id = CASE WHEN receipt.purchase_order_id IS NULL THEN delivery.purchase_order_id ELSE receipt.purchase_order_id END
  OFFSET 0) bought ON true
LEFT JOIN LATERAL (
  SELECT a.reference, a.supplier_id FROM inbound_announcement a
  WHERE a.id = CASE WHEN receipt.announcement_id IS NULL THEN delivery.announcement_id ELSE receipt.announcement_id END
  OFFSET 0) announced ON true
CROSS JOIN LATERAL (
  SELECT coalesce(bought.supplier_id, announced.supplier_id, delivery.supplier_id, receipt.owner_id) AS id OFFSET 0) sent_by
LEFT JOIN inbound_supplier supplier ON supplier.id = sent_by.id
WHERE inside.lot_id = ANY (%(lots)s) AND inside.kept AND NOT other.kept
ORDER BY m.id
LIMIT %(most)s
