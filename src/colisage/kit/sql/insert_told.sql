-- What one actor did and what is told of it, in one statement: audit and outbox of a path that every order takes.
WITH told AS (
  INSERT INTO kit_event (stream, shard, kind, which, payload, merchant_id)
  SELECT stream, shard, kind, coalesce(which, ''), payload, merchant_id
  FROM jsonb_to_recordset(%s::jsonb) AS e(
    stream text, shard smallint, kind text, which text, payload jsonb, merchant_id bigint)
)
INSERT INTO kit_auditentry (merchant_id, operator_id, doc_kind, doc_id, verb, data, actor_kind, actor_id, actor_name, address)
SELECT merchant_id, operator_id, doc_kind, doc_id, verb, coalesce(data, '{}'), %s::text, %s::bigint, %s::text, %s::inet
FROM jsonb_to_recordset(%s::jsonb) AS d(
  merchant_id bigint, operator_id bigint, doc_kind text, doc_id bigint, verb text, data jsonb)
