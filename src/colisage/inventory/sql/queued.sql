-- Who waits for these SKUs, in the order in which they are served.
SELECT r.merchant_id, r.owner_kind, r.owner_id, r.sku_id, r.node_id, r.qty, r.state, r.priority, r.turn, r.since, r.id, 0
FROM inventory_reservation r
WHERE r.sku_id = ANY (%s) AND r.state IN ('waiting', 'ahead')
ORDER BY r.priority DESC, r.turn, r.since, r.id
