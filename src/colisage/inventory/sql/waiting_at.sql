-- What is owed of these SKUs at these nodes (or nowhere in particular), in the order it is served: a demoted promise
-- keeps the time at which it was made.
SELECT r.id, r.sku_id, k.node_id, r.qty
FROM unnest(%s::bigint[], %s::bigint[]) AS k(sku_id, node_id)
JOIN inventory_reservation r ON r.sku_id = k.sku_id AND (r.node_id = k.node_id OR r.node_id IS NULL) AND r.state = 'waiting'
ORDER BY r.priority DESC, r.since, r.id
FOR NO KEY UPDATE OF r
