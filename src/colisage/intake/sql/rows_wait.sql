-- Orders of a file that came back are to be read again as they are: all, or those of which a row came back for a reason.
WITH waiting AS (
  UPDATE intake_refusedrow AS r SET state = 'waiting', done_by = %(by)s::jsonb -> 0
  WHERE r.merchant_id = %(merchant)s AND r.run_id = %(run)s AND r.state = 'open'
    AND (%(reason)s = '' OR r.order_row IN (
      SELECT o.order_row FROM intake_refusedrow AS o
      WHERE o.run_id = %(run)s AND o.state = 'open' AND o.reason = %(reason)s))
  RETURNING 1
)
SELECT count(*) FROM waiting
