-- Where parcels stand now.
UPDATE tracking_track t
SET status = s.status, reason = s.reason, place = s.place, status_at = s.status_at,
    expected_on = coalesce(s.expected_on, t.expected_on)
FROM jsonb_to_recordset(%s::jsonb) AS s(
  id bigint, status text, reason text, place text, status_at timestamptz, expected_on date)
WHERE t.id = s.id
