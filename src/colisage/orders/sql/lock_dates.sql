-- Only one at a time says when what is owed of a SKU will be here; several are locked in key order.
SELECT pg_advisory_xact_lock(hashtextextended('orders:expected:' || s.id, 0))
FROM (SELECT unnest(%s::bigint[]) AS id ORDER BY 1) s
