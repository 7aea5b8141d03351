-- Events of the outbox; their transaction id and time are those of the writing transaction.
INSERT INTO kit_event (stream, shard, kind, payload, merchant_id)
SELECT stream, shard, kind, payload, merchant_id
FROM jsonb_to_recordset(%s::jsonb) AS e(stream text, shard smallint, kind text, payload jsonb, merchant_id bigint)
