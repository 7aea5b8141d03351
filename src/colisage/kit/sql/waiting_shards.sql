-- What each cursor has to read: readable events that its handler hears, counted to %(most)s; cursors with none are left
-- out. Those before which lie only events that their handlers do not hear are moved ahead, so that nobody reads these
-- twice; one that moved meanwhile is never moved back.
WITH readable AS MATERIALIZED (
  SELECT pg_snapshot_xmin(pg_current_snapshot()) AS below
), hears AS MATERIALIZED (
  SELECT handler, array_agg(kind) AS kinds
  FROM unnest(%(handlers)s::text[], %(kinds)s::text[]) AS h(handler, kind)
  GROUP BY handler
), seen AS MATERIALIZED (
  SELECT c.id, c.handler, c.shard, heard.events
  FROM kit_cursor c
  JOIN hears h ON h.handler = c.handler
  CROSS JOIN readable r
  CROSS JOIN LATERAL (
    SELECT count(*) AS events
    FROM (
      SELECT FROM kit_event e
      WHERE e.shard = c.shard AND e.xid >= c.next_xid AND e.xid < r.below
        AND (e.kind = ANY (h.kinds) OR e.kind || '.' || e.which = ANY (h.kinds))
      LIMIT %(most)s) AS first
  ) AS heard
  WHERE EXISTS (
    SELECT FROM kit_event e WHERE e.shard = c.shard AND e.xid >= c.next_xid AND e.xid < r.below)
), ahead AS (
  UPDATE kit_cursor SET next_xid = (SELECT below FROM readable)
  WHERE id IN (
    SELECT c.id
    FROM kit_cursor c
    JOIN seen ON seen.id = c.id
    WHERE seen.events = 0 AND c.next_xid < (SELECT below FROM readable)
    FOR UPDATE OF c SKIP LOCKED)
)
SELECT handler, shard, events FROM seen WHERE events > 0 ORDER BY handler, shard
