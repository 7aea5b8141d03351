-- Where the next window of each shard ends: a transaction id that is
--   above the transactions of its first `most` events (a transaction is never cut in two),
--   not above the oldest transaction still running, whose events may yet appear in between,
--   not above what the handlers have read that this one hears everything after,
--   not above an event that overtook an earlier one of its own stream: the transaction of the earlier event has a
--   higher id (it began to write later but reached the stream first) and may lie beyond the end.
-- A shard is left out when there is nothing to read in it.
SELECT c.shard, w.upto::text
FROM unnest(%(shards)s::smallint[], %(after)s::bigint[]) AS c(shard, after)
CROSS JOIN LATERAL (
  WITH RECURSIVE bound AS (
    SELECT least(pg_snapshot_xmin(pg_current_snapshot()), (
      SELECT min(behind.next_xid::text::bigint)::text::xid8 FROM kit_cursor behind
      WHERE behind.handler = ANY (%(behind)s) AND behind.shard = c.shard)) AS oldest
  ), head AS (
    SELECT e.xid FROM kit_event e, bound
    WHERE e.shard = c.shard AND e.xid >= c.after::text::xid8 AND e.xid < bound.oldest
    ORDER BY e.xid, e.id LIMIT %(most)s
  ), ends(upto) AS (
    SELECT (max(xid::text::bigint) + 1)::text::xid8 FROM head HAVING count(*) > 0
    UNION
    SELECT lower.xid FROM ends CROSS JOIN LATERAL (
      SELECT min(e.xid::text::bigint)::text::xid8 AS xid
      FROM kit_event e
      WHERE e.shard = c.shard AND e.xid >= c.after::text::xid8 AND e.xid < ends.upto
        AND EXISTS (SELECT 1 FROM kit_event earlier
                    WHERE earlier.stream = e.stream AND earlier.id < e.id AND earlier.xid >= ends.upto)
    ) AS lower WHERE lower.xid IS NOT NULL
  )
  SELECT nullif(min(upto::text::bigint), c.after) AS upto FROM ends
) AS w
WHERE w.upto IS NOT NULL
