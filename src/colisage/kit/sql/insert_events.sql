-- Events of the outbox; their transaction id and time are those of the writing transaction.
INSERT INTO kit_event (stream, shard, kind, which, payload, merchant_id)
SELECT stream, shard, kind, coalesce(which, ''), payload, merchant_id
FROM jsonb_to_recordset(%s::jsonb) AS e(
  stream text, shard smallint, kind text, which text, payload jsonb, merchant_id bigint)
