-- Sellable cells with free units, in the order of the SKU's rotation (what stands ready near the bench goes first, but
-- never before an earlier expiry); locked in key order by the subquery. Nothing is
-- bound in a bin that is being counted.
SELECT c.sku_id, c.node_id, c.id, c.place_id, c.lot_id, c.qty - c.allocated
FROM (
  SELECT * FROM inventory_stockcell
  WHERE (sku_id, node_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[])) AND sellable AND qty > allocated
    AND NOT EXISTS (
      SELECT 1 FROM inventory_counttask t WHERE t.place_id = inventory_stockcell.place_id AND t.state = 'counting')
  ORDER BY id FOR NO KEY UPDATE
) c
JOIN catalog_sku s ON s.id = c.sku_id
JOIN network_place p ON p.id = c.place_id
LEFT JOIN inventory_lot l ON l.id = c.lot_id
WHERE l.id IS NULL OR l.status = 'approved'
ORDER BY c.sku_id, c.node_id,
  CASE WHEN s.rotation = 'fefo' THEN l.expires_on END NULLS LAST,
  p.cross_dock DESC,
  CASE WHEN s.rotation = 'lifo' THEN -extract(epoch FROM c.first_in_at) ELSE extract(epoch FROM c.first_in_at) END,
  c.qty - c.allocated, c.id
