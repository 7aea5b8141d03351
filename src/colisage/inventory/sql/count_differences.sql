-- What settled counts found: sorts and those that were right, units expected, differences taken as they are (net) and
-- without their sign (absolute), in units and value; by node, currency and week.
SELECT t.node_id, o.currency, date_trunc('week', t.counted_at)::date AS week,
       count(*)::int, (count(*) FILTER (WHERE f.counted = f.expected))::int, sum(f.expected)::bigint,
       sum(abs(f.counted - f.expected))::bigint, sum(f.counted - f.expected)::bigint,
       sum(abs(f.counted - f.expected) * f.unit_cents)::bigint, sum((f.counted - f.expected) * f.unit_cents)::bigint
FROM inventory_counttask t
JOIN inventory_countfinding f ON f.task_id = t.id AND f.number = t.rounds
JOIN people_merchant o ON o.id = f.merchant_id
WHERE t.node_id = ANY (%(nodes)s) AND t.state = 'approved' AND t.counted_at >= %(since)s
  AND f.merchant_id = ANY (%(merchants)s)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
