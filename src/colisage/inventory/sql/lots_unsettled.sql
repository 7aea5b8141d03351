-- Lots of which units lie otherwise than their status says, outside bins that are being counted: they were in such a bin
-- when their status changed.
SELECT DISTINCT l.id, l.merchant_id, l.status
FROM inventory_stockcell c JOIN inventory_lot l ON l.id = c.lot_id
WHERE c.kept AND c.qty > 0
  AND (c.sellable AND l.status <> 'approved'
       OR c.condition = 'held' AND l.status NOT IN ('quarantined', 'recalled')
       OR c.condition = 'expired' AND l.status <> 'expired')
  AND NOT EXISTS (SELECT 1 FROM inventory_counttask t WHERE t.place_id = c.place_id AND t.state = 'counting')
ORDER BY l.merchant_id, l.id
LIMIT %s
