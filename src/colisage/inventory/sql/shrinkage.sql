-- What went missing at nodes since a moment, net of what was found, for reasons nobody wanted; in units and in value at
-- today's cost (at price where the cost is not known); by node, currency, reason and week.
SELECT k.node_id, o.currency, m.reason, date_trunc('week', m.recorded_at)::date AS week,
       sum(m.gone)::bigint, sum(m.gone * coalesce(nullif(s.cost_cents, 0), s.price_cents))::bigint
FROM (
  SELECT reason, recorded_at, qty AS gone, to_cell_id AS outside, from_cell_id AS other FROM inventory_stockmovement
  WHERE merchant_id = ANY (%(merchants)s) AND reason = ANY (%(reasons)s) AND recorded_at >= %(since)s
  UNION ALL
  SELECT reason, recorded_at, -qty, from_cell_id, to_cell_id FROM inventory_stockmovement
  WHERE merchant_id = ANY (%(merchants)s) AND reason = ANY (%(reasons)s) AND recorded_at >= %(since)s
) m
JOIN inventory_stockcell x ON x.id = m.outside
JOIN network_place p ON p.id = x.place_id AND p.node_id IS NULL AND p.kind IN ('loss', 'found')
JOIN inventory_stockcell k ON k.id = m.other AND k.node_id = ANY (%(nodes)s)
JOIN people_merchant o ON o.id = x.merchant_id
JOIN catalog_sku s ON s.id = x.sku_id
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
