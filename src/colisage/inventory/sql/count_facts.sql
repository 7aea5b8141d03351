-- The bins of a node with what makes a count of them urgent: their SKUs and value (at cost, at price where the cost is
-- not known), when they were last counted, what moved and what was not found there since.
WITH bins AS (
  SELECT id, code, walk FROM network_place WHERE node_id = %(node)s AND kind = 'bin' AND active
), counted AS (
  SELECT place_id, max(counted_at) AS at FROM inventory_counttask
  WHERE node_id = %(node)s AND state = 'approved' GROUP BY place_id
), held AS (
  SELECT c.place_id, array_agg(DISTINCT c.sku_id) AS skus, sum(c.qty)::int AS units,
         sum(c.qty * coalesce(nullif(s.cost_cents, 0), s.price_cents))::bigint AS cents
  FROM inventory_stockcell c JOIN catalog_sku s ON s.id = c.sku_id
  WHERE c.node_id = %(node)s AND c.qty > 0 GROUP BY c.place_id
), moved AS (
  SELECT c.place_id, count(*)::int AS times, (count(*) FILTER (WHERE m.reason = 'short_pick'))::int AS shorts
  FROM (SELECT from_cell_id AS cell, reason, recorded_at FROM inventory_stockmovement WHERE recorded_at >= %(since)s
        UNION ALL SELECT to_cell_id, reason, recorded_at FROM inventory_stockmovement WHERE recorded_at >= %(since)s) m
  JOIN inventory_stockcell c ON c.id = m.cell AND c.node_id = %(node)s
  LEFT JOIN counted k ON k.place_id = c.place_id
  WHERE k.at IS NULL OR m.recorded_at > k.at
  GROUP BY c.place_id
)
SELECT b.id, b.code, b.walk, coalesce(h.skus, '{}'), coalesce(h.units, 0), coalesce(h.cents, 0),
       extract(day FROM %(now)s - k.at)::int, coalesce(m.times, 0), coalesce(m.shorts, 0),
       EXISTS (SELECT 1 FROM inventory_counttask t
               WHERE t.place_id = b.id AND t.state IN ('open', 'counting', 'recount', 'counted'))
FROM bins b
LEFT JOIN held h ON h.place_id = b.id
LEFT JOIN counted k ON k.place_id = b.id
LEFT JOIN moved m ON m.place_id = b.id
ORDER BY b.walk, b.id
