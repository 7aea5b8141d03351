-- How SKUs are stored: the storage type they need, how fast they go, and the units owed of them by node, or at none in
-- particular; a row for each node.
SELECT s.id, coalesce(t.code, ''), coalesce(v.speed, 'C'), o.node_id, coalesce(o.units, 0)::int
FROM catalog_sku s
LEFT JOIN network_storagetype t ON t.id = s.storage_id
LEFT JOIN inventory_skuspeed v ON v.sku_id = s.id
LEFT JOIN LATERAL (
  SELECT r.node_id, sum(r.qty) AS units FROM inventory_reservation r
  WHERE r.sku_id = s.id AND r.state IN ('waiting', 'ahead') GROUP BY r.node_id
) o ON true
WHERE s.id = ANY (%(skus)s::bigint[]) AND s.merchant_id = ANY (%(merchants)s::bigint[])
