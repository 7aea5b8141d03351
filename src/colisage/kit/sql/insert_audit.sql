-- What one actor did, many deeds at once.
INSERT INTO kit_auditentry (merchant_id, operator_id, doc_kind, doc_id, verb, data, actor_kind, actor_id, actor_name, address)
SELECT merchant_id, operator_id, doc_kind, doc_id, verb, coalesce(data, '{}'), %s::text, %s::bigint, %s::text, %s::inet
FROM jsonb_to_recordset(%s::jsonb) AS d(
  merchant_id bigint, operator_id bigint, doc_kind text, doc_id bigint, verb text, data jsonb)
