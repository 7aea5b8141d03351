-- What became of rows of files that were sent again or set aside, by their ids.
UPDATE {rows} AS r
SET state = d.state, reason = d.reason, cells = d.cells, made_id = d.made_id, first_row = d.first_row,
    tries = r.tries + 1, done_by = %(by)s::jsonb -> 0,
    settled_at = CASE WHEN d.state IN ('corrected', 'aside') THEN now() END
FROM jsonb_to_recordset(%(rows)s::jsonb)
  AS d(id bigint, state text, reason text, cells jsonb, made_id bigint, first_row int)
WHERE r.id = d.id
