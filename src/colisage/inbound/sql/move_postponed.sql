-- Works out anew the days that a disruption moved, once its last day is another or it is over. A day that a person said
-- since stays, and so does one of which nothing is to come any more. Of a delay only what is due from `back_from` on goes
-- back to its day; without a delay nothing comes before the end. Gives what was moved; lines give their order.
WITH wanted AS (
  SELECT id, kind, doc_id, after, CASE
    WHEN %(delay)s::int IS NOT NULL THEN CASE WHEN before >= %(back_from)s::date THEN before ELSE after END
    WHEN %(until)s::date IS NULL THEN NULL
    ELSE greatest(before, %(until)s::date + 1) END AS again
  FROM inbound_postponement WHERE disruption_id = %(disruption)s AND merchant_id = %(merchant)s
), orders AS (
  UPDATE inbound_purchaseorder d SET expected_on = w.again FROM wanted w
  WHERE w.kind = 'purchase_order' AND d.id = w.doc_id AND d.merchant_id = %(merchant)s AND d.state IN ('open', 'partly')
    AND w.again IS DISTINCT FROM w.after AND d.expected_on IS NOT DISTINCT FROM w.after
  RETURNING w.id, w.kind, d.id AS shown, w.after, w.again
), lines AS (
  UPDATE inbound_purchaseline d SET expected_on = w.again FROM wanted w
  WHERE w.kind = 'purchase_line' AND d.id = w.doc_id AND d.merchant_id = %(merchant)s AND d.received < d.ordered
    AND w.again IS DISTINCT FROM w.after AND d.expected_on IS NOT DISTINCT FROM w.after
  RETURNING w.id, w.kind, d.purchase_order_id AS shown, w.after, w.again
), deliveries AS (
  UPDATE inbound_announcement d SET expected_on = w.again FROM wanted w
  WHERE w.kind = 'announcement' AND d.id = w.doc_id AND d.merchant_id = %(merchant)s AND d.state = 'announced'
    AND w.again IS DISTINCT FROM w.after AND d.expected_on IS NOT DISTINCT FROM w.after
  RETURNING w.id, w.kind, d.id AS shown, w.after, w.again
), transfers AS (
  UPDATE inbound_transfer d SET expected_on = w.again FROM wanted w
  WHERE w.kind = 'transfer' AND d.id = w.doc_id AND d.merchant_id = %(merchant)s AND d.state IN ('sent', 'partly')
    AND w.again IS DISTINCT FROM w.after AND d.expected_on IS NOT DISTINCT FROM w.after
  RETURNING w.id, w.kind, d.id AS shown, w.after, w.again
), moved AS (
  SELECT * FROM orders UNION ALL SELECT * FROM lines UNION ALL SELECT * FROM deliveries UNION ALL SELECT * FROM transfers
), kept AS (
  UPDATE inbound_postponement p SET after = m.again FROM moved m WHERE p.id = m.id
)
SELECT kind, shown, after, again FROM moved ORDER BY kind, id
