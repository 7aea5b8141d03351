-- The figures of SKUs at each node; what is owed at no node in particular comes with a null node. What is in transit
-- is on its way, not on hand. A place that the reader may not see counts as one in the house.
SELECT x.sku_id, x.node_id, sum(x.on_hand)::int, sum(x.allocated)::int, sum(x.transit)::int, sum(x.quarantine)::int,
       sum(x.damaged)::int, sum(x.sellable)::int, sum(x.reserved)::int, sum(x.safety)::int, sum(x.owed)::int,
       bool_or(x.unlimited)
FROM (
  SELECT c.sku_id, c.node_id,
         CASE WHEN p.kind = 'transit' THEN 0 ELSE c.qty END AS on_hand, c.allocated,
         CASE WHEN p.kind = 'transit' THEN c.qty ELSE 0 END AS transit,
         CASE WHEN c.condition = 'quarantine' OR c.condition <> 'damaged' AND p.kind = 'quarantine' THEN c.qty ELSE 0 END AS quarantine,
         CASE WHEN c.condition = 'damaged' THEN c.qty ELSE 0 END AS damaged,
         0 AS sellable, 0 AS reserved, 0 AS safety, 0 AS owed, false AS unlimited
  FROM inventory_stockcell c LEFT JOIN network_place p ON p.id = c.place_id
  WHERE c.sku_id = ANY (%(skus)s::bigint[]) AND c.merchant_id = ANY (%(merchants)s::bigint[]) AND c.qty > 0
  UNION ALL
  SELECT v.sku_id, v.node_id, 0, 0, 0, 0, 0, v.sellable, v.reserved, v.safety, 0, v.source = 'unlimited'
  FROM inventory_availability v
  WHERE v.sku_id = ANY (%(skus)s::bigint[]) AND v.merchant_id = ANY (%(merchants)s::bigint[])
  UNION ALL
  SELECT r.sku_id, r.node_id, 0, 0, 0, 0, 0, 0, 0, 0, r.qty, false
  FROM inventory_reservation r
  WHERE r.sku_id = ANY (%(skus)s::bigint[]) AND r.merchant_id = ANY (%(merchants)s::bigint[]) AND r.state = 'waiting'
) x
GROUP BY x.sku_id, x.node_id ORDER BY x.sku_id, x.node_id
