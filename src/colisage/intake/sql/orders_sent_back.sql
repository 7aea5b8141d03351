-- A page of orders of a file that came back, by the row each begins with, in one state (and of a reason, if one is
-- named): how many rows, and the first of them, those with a reason of their own before the others. Cells are cut: a row
-- of a megabyte is shown in a line of a list. What was corrected is shown as it came, beside what was wrong.
WITH page AS (
  SELECT order_row, max(settled_at) AS settled_at, max(order_id) AS order_id
  FROM intake_refusedrow
  WHERE merchant_id = %(merchant)s AND run_id = %(run)s AND state = %(state)s AND order_row > %(after)s
    AND (%(reason)s = '' OR reason = %(reason)s)
  GROUP BY order_row ORDER BY order_row LIMIT %(size)s
)
SELECT p.order_row, p.settled_at, p.order_id, a.rows, a.last, f.number, f.reason, f.done_by ->> 'name',
  (SELECT array_agg(left(c.cell, 120) ORDER BY c.n)
   FROM jsonb_array_elements_text(CASE WHEN %(state)s = 'corrected' THEN f.raw ELSE coalesce(f.cells, f.raw) END) WITH ORDINALITY AS c (cell, n))
FROM page AS p
CROSS JOIN LATERAL (
  SELECT count(*) AS rows, max(r.number) AS last FROM intake_refusedrow AS r
  WHERE r.run_id = %(run)s AND r.order_row = p.order_row AND r.state = %(state)s
) AS a
CROSS JOIN LATERAL (
  SELECT r.number, r.reason, r.done_by, r.cells, r.raw FROM intake_refusedrow AS r
  WHERE r.run_id = %(run)s AND r.order_row = p.order_row AND r.state = %(state)s
  ORDER BY r.reason = 'order_incomplete', r.number LIMIT %(shown)s
) AS f
ORDER BY p.order_row, f.reason = 'order_incomplete', f.number
