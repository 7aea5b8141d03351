-- Bins counted and settled at nodes since a moment, and those whose books were right; by node and week.
SELECT t.node_id, date_trunc('week', t.counted_at)::date AS week, count(*)::int, (count(*) FILTER (WHERE t."right"))::int
FROM inventory_counttask t
WHERE t.node_id = ANY (%(nodes)s) AND t.state = 'approved' AND t.counted_at >= %(since)s
GROUP BY 1, 2 ORDER BY 1, 2
