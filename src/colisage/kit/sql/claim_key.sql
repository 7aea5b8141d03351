-- Claim an idempotency key; gives nothing when somebody claimed it before.
INSERT INTO kit_receipt (owner, key, digest, merchants) VALUES (%s, %s, %s, %s)
ON CONFLICT (owner, key) DO NOTHING
RETURNING owner
