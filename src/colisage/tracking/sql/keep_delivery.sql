-- A signed message, kept before it is answered. Nothing comes back: the web role may add messages and see none.
INSERT INTO tracking_webhookdelivery (source, message_id, body, state, problem)
VALUES (%s, %s, %s, 'waiting', '')
ON CONFLICT DO NOTHING
