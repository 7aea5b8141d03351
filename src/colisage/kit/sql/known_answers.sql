-- What was answered to these idempotency keys.
SELECT r.owner, r.key, r.digest, r.status, r.body
FROM unnest(%s::text[], %s::text[]) AS k(owner, key) JOIN kit_receipt r ON r.owner = k.owner AND r.key = k.key
