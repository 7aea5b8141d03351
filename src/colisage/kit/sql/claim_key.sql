-- Claim an idempotency key; gives nothing when somebody claimed it before, or is about to: nobody waits for anybody.
INSERT INTO kit_receipt (owner, key, digest, merchants)
SELECT c.owner, c.key, c.digest, c.merchants
FROM (VALUES (%s::text, %s::text, %s::bytea, %s::bigint[])) AS c(owner, key, digest, merchants)
WHERE pg_try_advisory_xact_lock(hashtextextended('kit:receipt:' || c.owner || ' ' || c.key, 0))
ON CONFLICT (owner, key) DO NOTHING
RETURNING owner
