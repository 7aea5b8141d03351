-- Take the next calls that are due, at most `each` of an endpoint, so that a slow one holds nobody up. What another
-- worker has is left to it; an endpoint that is paused or switched off is passed over.
WITH due AS (
  SELECT found.id, e.id AS endpoint_id, e.url, e.secret,
         CASE WHEN e.former_until > %(now)s THEN e.former_secret END AS former_secret
  FROM notices_webhookendpoint e
  CROSS JOIN LATERAL (
    SELECT c.id
    FROM notices_webhookcall c
    WHERE c.endpoint_id = e.id AND c.state = 'waiting' AND c.next_try_at <= %(now)s
    ORDER BY c.next_try_at, c.id
    LIMIT %(each)s
    FOR NO KEY UPDATE SKIP LOCKED
  ) found
  WHERE e.state = 'on' AND (e.paused_until IS NULL OR e.paused_until <= %(now)s)
  LIMIT %(most)s
)
UPDATE notices_webhookcall c
SET state = 'sending', claimed_at = %(now)s, attempts = c.attempts + 1
FROM due
WHERE c.id = due.id
RETURNING c.id, due.endpoint_id, due.url, due.secret, due.former_secret, c.message_id, c.body, c.attempts
