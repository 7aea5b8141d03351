-- What carriers told; the same thing told again is not kept twice. Gives the tracks with something new.
WITH fresh AS (
  INSERT INTO tracking_trackingevent (merchant_id, track_id, key, status, reason, code, place, occurred_at)
  SELECT merchant_id, track_id, key, status, reason, code, place, occurred_at
  FROM jsonb_to_recordset(%s::jsonb) AS e(
    merchant_id bigint, track_id bigint, key text, status text, reason text, code text, place text, occurred_at timestamptz)
  ORDER BY track_id, key
  ON CONFLICT DO NOTHING
  RETURNING track_id
)
SELECT DISTINCT track_id FROM fresh
