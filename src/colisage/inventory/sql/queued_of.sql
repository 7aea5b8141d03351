-- What these owners wait for, and how many things each does.
SELECT r.merchant_id, r.owner_kind, r.owner_id, r.sku_id, r.node_id, r.qty, r.state, r.priority, r.turn, r.since, r.id,
  count(*) OVER (PARTITION BY r.owner_id)
FROM inventory_reservation r
WHERE r.owner_kind = %s AND r.owner_id = ANY (%s) AND r.state IN ('waiting', 'ahead')
ORDER BY r.priority DESC, r.turn, r.since, r.id
