-- Who waits for SKUs behind a place in each one's queue, in the order of service, with how many things each waits for.
-- Two ranges of the index `reservation_owed`, parted by whether the priority is the same: nobody before is read.
SELECT r.merchant_id, r.owner_kind, r.owner_id, r.sku_id, r.node_id, r.qty, r.state, r.priority, r.turn, r.since, r.id,
  (
    SELECT count(*) FROM inventory_reservation s
    WHERE s.owner_kind = r.owner_kind AND s.owner_id = r.owner_id AND s.state IN ('waiting', 'ahead')
  )
FROM unnest(%s::bigint[], %s::smallint[], %s::text[], %s::timestamptz[], %s::bigint[]) AS k(sku_id, priority, turn, since, id)
CROSS JOIN LATERAL (
  SELECT * FROM inventory_reservation e
  WHERE e.sku_id = k.sku_id AND e.state IN ('waiting', 'ahead') AND e.priority = k.priority
    AND (e.turn, e.since, e.id) > (k.turn COLLATE "C", k.since, k.id)
  UNION ALL
  SELECT * FROM inventory_reservation l
  WHERE l.sku_id = k.sku_id AND l.state IN ('waiting', 'ahead') AND l.priority < k.priority
) r
ORDER BY r.priority DESC, r.turn COLLATE "C", r.since, r.id
