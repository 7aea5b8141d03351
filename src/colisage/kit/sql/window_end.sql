-- Where the next window of a shard ends: a transaction id that is
--   above the transactions of its first `most` events (a transaction is never cut in two),
--   not above the oldest transaction still running, whose events may yet appear in between,
--   not above what the handlers have read that this one hears everything after,
--   not above an event that overtook an earlier one of its own stream: the transaction of the earlier event has a
--   higher id (it began to write later but reached the stream first) and may lie beyond the end.
-- NULL when there is nothing to read.
WITH RECURSIVE bound AS (
  SELECT least(pg_snapshot_xmin(pg_current_snapshot()), (
    SELECT min(c.next_xid::text::bigint)::text::xid8 FROM kit_cursor c
    WHERE c.handler = ANY (%(behind)s) AND c.shard = %(shard)s)) AS oldest
), head AS (
  SELECT e.xid FROM kit_event e, bound
  WHERE e.shard = %(shard)s AND e.xid >= %(after)s::xid8 AND e.xid < bound.oldest
  ORDER BY e.xid, e.id LIMIT %(most)s
), ends(upto) AS (
  SELECT (max(xid::text::bigint) + 1)::text::xid8 FROM head HAVING count(*) > 0
  UNION
  SELECT lower.xid FROM ends CROSS JOIN LATERAL (
    SELECT min(e.xid::text::bigint)::text::xid8 AS xid
    FROM kit_event e
    WHERE e.shard = %(shard)s AND e.xid >= %(after)s::xid8 AND e.xid < ends.upto
      AND EXISTS (SELECT 1 FROM kit_event earlier
                  WHERE earlier.stream = e.stream AND earlier.id < e.id AND earlier.xid >= ends.upto)
  ) AS lower WHERE lower.xid IS NOT NULL
)
SELECT nullif(min(upto::text::bigint), %(after)s::xid8::text::bigint)::text FROM ends
