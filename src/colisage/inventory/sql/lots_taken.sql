-- What was picked for owners: the pick names its allocation by its `seq`, the allocation its promise and its cell.
SELECT r.owner_id, r.sku_id, c.lot_id, coalesce(l.code, ''), coalesce(l.is_serial, false),
       coalesce(l.is_serial, false) AND EXISTS (
         SELECT 1 FROM inventory_stockcell h WHERE h.lot_id = l.id AND h.kept AND h.qty > 0),
       m.qty
FROM inventory_reservation r
JOIN inventory_allocation a ON a.reservation_id = r.id
JOIN inventory_stockmovement m ON m.from_cell_id = a.cell_id AND m.reason = 'pick' AND m.seq = mod(a.id, 2000000000)
JOIN inventory_stockcell c ON c.id = a.cell_id
LEFT JOIN inventory_lot l ON l.id = c.lot_id
WHERE r.merchant_id = %s AND r.owner_kind = %s AND r.owner_id = ANY (%s)
ORDER BY r.owner_id, r.sku_id, m.id
