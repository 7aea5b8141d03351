-- What is owed of these SKUs at these nodes (or nowhere in particular), with what else its owners are owed, in the
-- order in which it is served: a demoted promise keeps the time at which it was made.
WITH here AS (
  SELECT r.id, r.owner_kind, r.owner_id, k.node_id
  FROM unnest(%s::bigint[], %s::bigint[]) AS k(sku_id, node_id)
  JOIN inventory_reservation r ON r.sku_id = k.sku_id AND (r.node_id = k.node_id OR r.node_id IS NULL) AND r.state IN ('waiting', 'ahead')
), beside AS (
  SELECT s.id, s.node_id
  FROM (SELECT DISTINCT owner_kind, owner_id FROM here) o
  JOIN inventory_reservation s ON s.owner_kind = o.owner_kind AND s.owner_id = o.owner_id AND s.state IN ('waiting', 'ahead')
  WHERE s.id NOT IN (SELECT id FROM here)
)
SELECT r.id, r.merchant_id, r.owner_kind, r.owner_id, r.sku_id, a.node_id, r.qty, r.buffer
FROM (SELECT id, node_id FROM here UNION ALL SELECT id, node_id FROM beside) a
JOIN inventory_reservation r ON r.id = a.id AND r.state IN ('waiting', 'ahead')
ORDER BY r.priority DESC, r.turn, r.since, r.id, a.node_id
FOR NO KEY UPDATE OF r
