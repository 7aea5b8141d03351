-- Claim idempotency keys; gives those that nobody had claimed before, or is about to: nobody waits for anybody.
INSERT INTO kit_receipt (owner, key, digest, merchants)
SELECT owner, key, decode(digest, 'hex'), merchants
FROM jsonb_to_recordset(%s::jsonb) AS r(owner text, key text, digest text, merchants bigint[])
WHERE pg_try_advisory_xact_lock(hashtextextended('kit:receipt:' || owner || ' ' || key, 0))
ON CONFLICT (owner, key) DO NOTHING
RETURNING owner, key
