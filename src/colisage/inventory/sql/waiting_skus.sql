-- The SKUs of everything that is owed to whoever waits at these keys: a bundle is served whole, so all its components
-- are locked.
SELECT DISTINCT s.sku_id
FROM unnest(%s::bigint[], %s::bigint[]) AS k(sku_id, node_id)
JOIN inventory_reservation r ON r.sku_id = k.sku_id AND (r.node_id = k.node_id OR r.node_id IS NULL) AND r.state IN ('waiting', 'ahead')
JOIN inventory_reservation s ON s.owner_kind = r.owner_kind AND s.owner_id = r.owner_id AND s.state IN ('waiting', 'ahead')
