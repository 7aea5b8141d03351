-- What became of shipments that were asked for.
UPDATE shipping_shipment s
SET state = o.state, carrier_ref = o.carrier_ref, problem = o.problem, problem_text = o.problem_text
FROM jsonb_to_recordset(%s::jsonb) AS o(id bigint, state text, carrier_ref text, problem text, problem_text text)
WHERE s.id = o.id
