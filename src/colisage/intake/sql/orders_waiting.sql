-- The orders of a file that are to be read again, by the row each begins with: how many rows, how many characters, and
-- who asked for it.
SELECT order_row, count(*), sum(octet_length(coalesce(cells, raw)::text)), min(done_by::text)
FROM intake_refusedrow
WHERE run_id = %(run)s AND state = 'waiting'
GROUP BY order_row ORDER BY order_row LIMIT %(most)s
