-- What of a file is to be sent again next, by the row each begins with, behind the last one that was: how many rows, how
-- many characters, and how many of the rows came back for the reason that was asked for (for any, if none was).
SELECT first_row, count(*), sum(octet_length(coalesce(cells, raw)::text)),
  count(*) FILTER (WHERE %(reason)s = '' OR reason = %(reason)s) AS wanted
FROM {rows}
WHERE merchant_id = %(merchant)s AND run_id = %(run)s AND state = 'open' AND first_row > %(after)s
GROUP BY first_row
HAVING count(*) FILTER (WHERE %(reason)s = '' OR reason = %(reason)s) > 0
ORDER BY first_row LIMIT %(most)s
