-- Why each of many orders is served from where it is. Of one that is sourced again the later decision stays.
INSERT INTO sourcing_sourcingdecision (merchant_id, order_id, currency, chosen, candidates, missing, saved_cents)
SELECT merchant_id, order_id, currency, chosen, candidates, missing, saved_cents
FROM jsonb_to_recordset(%s::jsonb) AS d (
  merchant_id bigint, order_id bigint, currency text, chosen jsonb, candidates jsonb, missing jsonb, saved_cents int)
ORDER BY order_id
ON CONFLICT (order_id) DO UPDATE SET currency = excluded.currency, chosen = excluded.chosen, candidates = excluded.candidates,
  missing = excluded.missing, saved_cents = excluded.saved_cents, decided_at = excluded.decided_at
