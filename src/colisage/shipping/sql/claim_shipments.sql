-- Shipments whose labels may be asked for now: wanted ones, and those without an answer for a while. From here on the
-- outcome is unknown until it is recorded. The ones asked before come back first-time false.
WITH due AS (
  SELECT id FROM shipping_shipment
  WHERE id = ANY (%(ids)s)
    AND (state = 'requested' OR state = 'unknown' AND (asked_at IS NULL OR asked_at < now() - make_interval(secs => %(unsure)s)))
  ORDER BY id FOR NO KEY UPDATE
)
UPDATE shipping_shipment s SET state = 'unknown', asked_at = now(), attempts = s.attempts + 1
FROM due WHERE s.id = due.id
RETURNING s.id, s.attempts = 1
