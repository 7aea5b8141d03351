-- Only one at a time says when what a merchant owes will be here; several are locked in key order.
SELECT pg_advisory_xact_lock(hashtextextended('orders:expected:' || m.id, 0))
FROM (SELECT unnest(%s::bigint[]) AS id ORDER BY 1) m
