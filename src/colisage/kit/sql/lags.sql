-- How far each handler is behind: events of its kinds that it has not read, and the age of the oldest in seconds.
SELECT hears.handler, count(e.id), COALESCE(EXTRACT(epoch FROM clock_timestamp() - min(e.occurred_at)), 0)
FROM unnest(%(handlers)s::text[], %(kinds)s::text[]) AS hears(handler, kind)
JOIN kit_cursor c ON c.handler = hears.handler
JOIN kit_event e ON e.shard = c.shard AND e.xid >= c.next_xid
  AND hears.kind IN (e.kind, e.kind || '.' || e.which)
GROUP BY hears.handler
