-- The events of windows that a handler hears, in the order they were told, and whether an earlier one of their stream is
-- parked with it.
SELECT e.id, e.stream, e.merchant_id, e.kind, e.payload,
       EXISTS (SELECT FROM kit_parked p WHERE p.handler = %(handler)s AND p.stream = e.stream)
FROM unnest(%(shards)s::smallint[], %(after)s::bigint[], %(upto)s::bigint[]) AS w(shard, after, upto)
JOIN kit_event e ON e.shard = w.shard AND e.xid >= w.after::text::xid8 AND e.xid < w.upto::text::xid8
WHERE e.kind = ANY (%(kinds)s) OR e.kind || '.' || e.which = ANY (%(kinds)s)
ORDER BY e.id
