-- Everything below these transaction ids is handled: the cursors of a handler, which it holds locked.
UPDATE kit_cursor c SET next_xid = w.upto::text::xid8
FROM unnest(%(shards)s::smallint[], %(upto)s::bigint[]) AS w(shard, upto)
WHERE c.handler = %(handler)s AND c.shard = w.shard
