-- Where a fall leaves less than is held: the held promises there, and by how many units they are too many.
WITH short AS (
  SELECT v.sku_id, v.node_id, v.reserved - (v.sellable + f.qty) AS excess
  FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS f(sku_id, node_id, qty)
  JOIN inventory_availability v ON v.sku_id = f.sku_id AND v.node_id = f.node_id
  WHERE v.source <> 'unlimited' AND v.reserved > v.sellable + f.qty
)
SELECT s.sku_id, s.node_id, s.excess, r.id, r.qty, r.owner_kind
FROM short s JOIN inventory_reservation r ON r.sku_id = s.sku_id AND r.node_id = s.node_id AND r.state = 'held'
ORDER BY r.id
FOR NO KEY UPDATE OF r
