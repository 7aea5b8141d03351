-- The cursors whose shard holds a readable event of a kind their handler hears.
SELECT c.handler, c.shard
FROM kit_cursor c
WHERE EXISTS (
  SELECT 1
  FROM unnest(%(handlers)s::text[], %(kinds)s::text[]) AS hears(handler, kind)
  JOIN kit_event e ON e.kind = hears.kind
  WHERE hears.handler = c.handler AND e.shard = c.shard
    AND e.xid >= c.next_xid AND e.xid < pg_snapshot_xmin(pg_current_snapshot()))
