-- Give handlers without cursors theirs, one a shard. In a new installation they begin at the first event; a handler that
-- an upgrade brings begins with what happens from now on, since the past was told to those who were there.
INSERT INTO kit_cursor (handler, shard, next_xid)
SELECT h.handler, s.shard,
       CASE WHEN EXISTS (SELECT 1 FROM kit_cursor) THEN pg_snapshot_xmin(pg_current_snapshot()) ELSE '0'::xid8 END
FROM unnest(%(handlers)s::text[]) AS h(handler), generate_series(0, %(shards)s - 1) AS s(shard)
WHERE NOT EXISTS (SELECT 1 FROM kit_cursor c WHERE c.handler = h.handler AND c.shard = s.shard)
ORDER BY 1, 2
ON CONFLICT DO NOTHING
