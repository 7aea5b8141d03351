-- Only one at a time writes down who shares a door at a merchant; several are locked in key order.
SELECT pg_advisory_xact_lock(hashtextextended('orders:doorsteps:' || m.id, 0))
FROM (SELECT unnest(%s::bigint[]) AS id ORDER BY 1) m
