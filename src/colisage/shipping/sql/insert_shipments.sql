-- Intents, with the carrier of the service chosen.
INSERT INTO shipping_shipment (
  merchant_id, operator_id, node_id, order_id, fulfillment_order_id, carrier_id, service_id, state, idempotency_key,
  carrier_ref, quoted_cents, currency, promised_on, arrives_on, ship_by, parcels, grams, why, problem, problem_text, attempts)
SELECT i.merchant_id, i.operator_id, i.node_id, i.order_id, i.fulfillment_order_id, v.carrier_id, i.service_id, i.state,
       i.idempotency_key, '', i.quoted_cents, i.currency, i.promised_on, i.arrives_on, i.ship_by, i.parcels, i.grams, i.why,
       i.problem, '', 0
FROM jsonb_to_recordset(%s::jsonb) AS i(
  merchant_id bigint, operator_id bigint, node_id bigint, order_id bigint, fulfillment_order_id bigint, service_id bigint,
  state text, idempotency_key text, quoted_cents int, currency text, promised_on date, arrives_on date,
  ship_by timestamptz, parcels smallint, grams int, why jsonb, problem text)
LEFT JOIN carriers_service v ON v.id = i.service_id
ORDER BY i.fulfillment_order_id
RETURNING id, state
