-- What went missing at nodes since a moment, net of what was found, for reasons nobody wanted; in units and in value at
-- today's cost (at price where the cost is not known); by node, currency, reason and week.
SELECT k.node_id, o.currency, m.reason, date_trunc('week', m.recorded_at)::date AS week,
       sum(m.gone)::bigint, sum(m.gone * coalesce(nullif(s.cost_cents, 0), s.price_cents))::bigint
FROM network_place p
JOIN inventory_stockcell x ON x.place_id = p.id AND x.merchant_id = ANY (%(merchants)s)
CROSS JOIN LATERAL (
  SELECT reason, recorded_at, qty AS gone, from_cell_id AS other FROM inventory_stockmovement
  WHERE to_cell_id = x.id AND recorded_at >= %(since)s AND reason = ANY (%(reasons)s)
  UNION ALL
  SELECT reason, recorded_at, -qty, to_cell_id FROM inventory_stockmovement
  WHERE from_cell_id = x.id AND recorded_at >= %(since)s AND reason = ANY (%(reasons)s)
) m
JOIN inventory_stockcell k ON k.id = m.other AND k.node_id = ANY (%(nodes)s)
JOIN people_merchant o ON o.id = x.merchant_id
JOIN catalog_sku s ON s.id = x.sku_id
WHERE p.node_id IS NULL AND p.kind IN ('loss', 'found')
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
