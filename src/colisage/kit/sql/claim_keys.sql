-- Claim idempotency keys; gives those that nobody had claimed before.
INSERT INTO kit_receipt (owner, key, digest, merchants)
SELECT owner, key, decode(digest, 'hex'), merchants
FROM jsonb_to_recordset(%s::jsonb) AS r(owner text, key text, digest text, merchants bigint[])
ON CONFLICT (owner, key) DO NOTHING
RETURNING owner, key
