-- Move the cursors ahead that have only events their handlers do not hear, so that nobody reads those twice.
UPDATE kit_cursor SET next_xid = pg_snapshot_xmin(pg_current_snapshot())
WHERE id IN (
  SELECT c.id
  FROM kit_cursor c
  WHERE c.handler = ANY (%(handlers)s)
    AND EXISTS (
      SELECT 1 FROM kit_event e
      WHERE e.shard = c.shard AND e.xid >= c.next_xid AND e.xid < pg_snapshot_xmin(pg_current_snapshot()))
    AND NOT EXISTS (
      SELECT 1
      FROM unnest(%(handlers)s::text[], %(kinds)s::text[]) AS hears(handler, kind)
      JOIN kit_event e ON e.kind = hears.kind
      WHERE hears.handler = c.handler AND e.shard = c.shard
        AND e.xid >= c.next_xid AND e.xid < pg_snapshot_xmin(pg_current_snapshot()))
  FOR UPDATE SKIP LOCKED)
