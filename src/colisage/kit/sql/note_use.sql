-- Add what one process gave a sender in this window to what all gave, and give the sum; a new window begins at nothing.
INSERT INTO kit_use AS u (owner, window_number, used, at) VALUES (%s, %s, %s, statement_timestamp())
ON CONFLICT (owner) DO UPDATE
SET used = CASE WHEN u.window_number = EXCLUDED.window_number THEN u.used ELSE 0 END + EXCLUDED.used,
    window_number = EXCLUDED.window_number,
    at = EXCLUDED.at
RETURNING used
