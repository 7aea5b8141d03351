-- Orders of a merchant with something unsent that a disruption touches and has not met yet, the oldest first; with each
-- its parts and those that have a label, and with all of them how many orders, parts and labels there are.
-- What a supplier is to bring is looked up once: asked for each part, a planner that takes new tables for empty may
-- compare every part with every line of a purchase (of 300 of each it once found no end within five minutes).
WITH brought AS MATERIALIZED (
  SELECT DISTINCT p.sku_id
  FROM inbound_purchaseline p
  JOIN inbound_purchaseorder b ON b.id = p.purchase_order_id AND b.state IN ('open', 'partly')
  WHERE p.merchant_id = %(merchant)s AND p.received < p.ordered AND b.supplier_id = %(supplier)s::bigint
)
SELECT t.order_id, count(*) OVER (), sum(t.parts) OVER (), sum(t.labels) OVER ()
FROM (
  SELECT f.order_id, count(*) AS parts, count(*) FILTER (WHERE f.stage IN ('labelling', 'labelled')) AS labels
  FROM orders_fulfillmentorder f
  JOIN orders_order o ON o.id = f.order_id AND o.state = 'open' AND NOT o.quiet
  WHERE f.merchant_id = %(merchant)s AND f.order_id > %(after)s
    AND f.stage IN ('waiting', 'ready', 'released', 'picking', 'picked', 'packed', 'labelling', 'labelled')
    AND (%(among)s::bigint[] IS NULL OR f.order_id = ANY (%(among)s))
    AND (%(operator)s::bigint IS NULL
      OR f.node_id IN (SELECT n.id FROM network_node n WHERE n.operator_id = %(operator)s))
    AND (%(node)s::bigint IS NULL OR f.node_id = %(node)s)
    AND (%(carrier)s = '' OR EXISTS (  -- the shipment of a parcel of several orders hangs on one of them
      SELECT 1 FROM shipping_shipment s
      JOIN carriers_service v ON v.id = s.service_id
      JOIN carriers_carrier c ON c.id = v.carrier_id
      WHERE s.merchant_id = f.merchant_id AND s.state IN ('requested', 'unknown', 'bought') AND c.code = %(carrier)s
        AND (s.fulfillment_order_id = f.id OR s.fulfillment_order_id IN (
          SELECT m.id FROM orders_fulfillmentorder m WHERE m.together = f.together))))
    AND (%(ways)s::jsonb IS NULL OR EXISTS (
      SELECT 1 FROM jsonb_to_recordset(%(ways)s::jsonb) AS w(country text, prefix text)
      WHERE upper(o.ship_to ->> 'country') = w.country
        AND starts_with(upper(regexp_replace(o.ship_to ->> 'postcode', '\s', '', 'g')), w.prefix)))
    AND (%(supplier)s::bigint IS NULL OR EXISTS (  -- it waits for what the supplier is to bring
      SELECT 1 FROM orders_fulfillmentline l
      JOIN inventory_reservation r ON r.id = l.reservation_id AND r.state = 'waiting'
      JOIN brought ON brought.sku_id = r.sku_id
      WHERE l.fulfillment_order_id = f.id AND l.merchant_id = f.merchant_id))
    AND CASE %(effect)s
      WHEN 'redate' THEN o.promised_on IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM orders_orderchange c WHERE c.disruption_id = %(disruption)s AND c.order_id = f.order_id)
      ELSE NOT EXISTS (
        SELECT 1 FROM orders_hold h WHERE h.disruption_id = %(disruption)s AND h.order_id = f.order_id) END
  GROUP BY f.order_id
) t
ORDER BY t.order_id
LIMIT %(most)s
