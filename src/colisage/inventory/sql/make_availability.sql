-- The rows of availability that are missing where units of these SKUs lie sellable, or are held.
INSERT INTO inventory_availability (merchant_id, sku_id, node_id, source, sellable, reserved, safety, ahead_cap, ahead)
SELECT DISTINCT merchant_id, sku_id, node_id, 'ledger', 0, 0, 0, 0, 0
FROM (SELECT merchant_id, sku_id, node_id FROM inventory_stockcell WHERE sellable AND sku_id = ANY (%(skus)s)
      UNION SELECT merchant_id, sku_id, node_id FROM inventory_reservation WHERE state IN ('held', 'ahead') AND sku_id = ANY (%(skus)s)) x
WHERE node_id IS NOT NULL
ORDER BY sku_id, node_id
ON CONFLICT DO NOTHING
