-- A page of what came back of a file, by the row each begins with, in one state (and of a reason, if one is named): how
-- many rows belong together, and the first of them, those with a reason of their own before the others. Cells are cut: a
-- row of a megabyte is shown in a line of a list. What was corrected is shown as it came, beside what was wrong.
WITH page AS (
  SELECT first_row, max(settled_at) AS settled_at, max(made_id) AS made_id
  FROM {rows}
  WHERE merchant_id = %(merchant)s AND run_id = %(run)s AND state = %(state)s AND first_row > %(after)s
    AND (%(reason)s = '' OR reason = %(reason)s)
  GROUP BY first_row ORDER BY first_row LIMIT %(size)s
)
SELECT p.first_row, p.settled_at, p.made_id, a.rows, a.last, f.number, f.reason, f.done_by ->> 'name',
  (SELECT array_agg(left(c.cell, 120) ORDER BY c.n)
   FROM jsonb_array_elements_text(CASE WHEN %(state)s = 'corrected' THEN f.raw ELSE coalesce(f.cells, f.raw) END) WITH ORDINALITY AS c (cell, n))
FROM page AS p
CROSS JOIN LATERAL (
  SELECT count(*) AS rows, max(r.number) AS last FROM {rows} AS r
  WHERE r.run_id = %(run)s AND r.first_row = p.first_row AND r.state = %(state)s
) AS a
CROSS JOIN LATERAL (
  SELECT r.number, r.reason, r.done_by, r.cells, r.raw FROM {rows} AS r
  WHERE r.run_id = %(run)s AND r.first_row = p.first_row AND r.state = %(state)s
  ORDER BY r.reason = %(beside)s, r.number LIMIT %(shown)s
) AS f
ORDER BY p.first_row, f.reason = %(beside)s, f.number
