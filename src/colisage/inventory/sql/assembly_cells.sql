-- Free units of SKUs at a node that are the merchant's own, in the order of the SKU's rotation; locked in key order.
-- What lies in a bin that is being counted is left where it is.
SELECT c.sku_id, c.id, c.place_id, p.code, c.lot_id, l.code, l.expires_on, c.plate_id, c.qty - c.allocated
FROM (
  SELECT * FROM inventory_stockcell
  WHERE sku_id = ANY (%(skus)s) AND node_id = %(node)s AND merchant_id = %(merchant)s
    AND sellable AND qty > allocated AND owner_id IS NULL
    AND NOT EXISTS (
      SELECT 1 FROM inventory_counttask t WHERE t.place_id = inventory_stockcell.place_id AND t.state = 'counting')
  ORDER BY id FOR NO KEY UPDATE
) c
JOIN catalog_sku s ON s.id = c.sku_id
JOIN network_place p ON p.id = c.place_id
LEFT JOIN inventory_lot l ON l.id = c.lot_id
WHERE l.id IS NULL OR l.status = 'approved'
ORDER BY c.sku_id,
  CASE WHEN s.rotation = 'fefo' THEN l.expires_on END NULLS LAST,
  CASE WHEN s.rotation = 'lifo' THEN -extract(epoch FROM c.first_in_at) ELSE extract(epoch FROM c.first_in_at) END,
  c.qty - c.allocated, c.id
