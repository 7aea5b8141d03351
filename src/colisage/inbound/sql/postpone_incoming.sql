-- Moves the days on which goods of a merchant are expected that a disruption keeps away, each once, and writes down the
-- day before: those of a supplier, or of all that comes to some nodes. A delay is added; without one nothing comes before
-- the disruption is over, and without an end nobody knows when. Gives what was moved; lines give their order.
WITH documents AS (
  SELECT 'purchase_order' AS kind, id, id AS shown, expected_on FROM inbound_purchaseorder
  WHERE merchant_id = %(merchant)s AND state IN ('open', 'partly')
    AND (%(supplier)s::bigint IS NULL OR supplier_id = %(supplier)s)
    AND (%(nodes)s::bigint[] IS NULL OR node_id = ANY (%(nodes)s))
  UNION ALL
  SELECT 'purchase_line', l.id, o.id, l.expected_on
  FROM inbound_purchaseorder o JOIN inbound_purchaseline l ON l.purchase_order_id = o.id
  WHERE o.merchant_id = %(merchant)s AND o.state IN ('open', 'partly') AND l.received < l.ordered
    AND (%(supplier)s::bigint IS NULL OR o.supplier_id = %(supplier)s)
    AND (%(nodes)s::bigint[] IS NULL OR o.node_id = ANY (%(nodes)s))
  UNION ALL
  SELECT 'announcement', id, id, expected_on FROM inbound_announcement
  WHERE merchant_id = %(merchant)s AND state = 'announced'
    AND (%(supplier)s::bigint IS NULL OR supplier_id = %(supplier)s)
    AND (%(nodes)s::bigint[] IS NULL OR node_id = ANY (%(nodes)s))
  UNION ALL
  SELECT 'transfer', id, id, expected_on FROM inbound_transfer
  WHERE merchant_id = %(merchant)s AND state IN ('sent', 'partly')
    AND %(supplier)s::bigint IS NULL AND to_node_id = ANY (%(nodes)s)
), moved AS (
  INSERT INTO inbound_postponement (merchant_id, disruption_id, kind, doc_id, before, after)
  SELECT %(merchant)s, %(disruption)s, kind, id, expected_on, later
  FROM documents CROSS JOIN LATERAL (SELECT CASE
    WHEN %(delay)s::int IS NOT NULL THEN expected_on + %(delay)s::int
    WHEN %(until)s::date IS NULL THEN NULL
    ELSE greatest(expected_on, %(until)s::date + 1) END AS later) d
  WHERE expected_on IS NOT NULL AND later IS DISTINCT FROM expected_on
  ORDER BY kind, id
  ON CONFLICT DO NOTHING
  RETURNING kind, doc_id, before, after
), orders AS (
  UPDATE inbound_purchaseorder d SET expected_on = m.after FROM moved m WHERE m.kind = 'purchase_order' AND d.id = m.doc_id
), lines AS (
  UPDATE inbound_purchaseline d SET expected_on = m.after FROM moved m WHERE m.kind = 'purchase_line' AND d.id = m.doc_id
), deliveries AS (
  UPDATE inbound_announcement d SET expected_on = m.after FROM moved m WHERE m.kind = 'announcement' AND d.id = m.doc_id
), transfers AS (
  UPDATE inbound_transfer d SET expected_on = m.after FROM moved m WHERE m.kind = 'transfer' AND d.id = m.doc_id
)
SELECT m.kind, d.shown, m.before, m.after FROM moved m JOIN documents d ON d.kind = m.kind AND d.id = m.doc_id
ORDER BY m.kind, m.doc_id
