-- The events of one window that a handler hears, in the order they were told.
SELECT id, stream, merchant_id, kind, payload
FROM kit_event
WHERE shard = %(shard)s AND xid >= %(after)s::xid8 AND xid < %(upto)s::xid8 AND kind = ANY (%(kinds)s)
ORDER BY id
