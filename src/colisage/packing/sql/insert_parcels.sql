-- New parcels; where another worker planned the same fulfilment order first, its plan stands.
INSERT INTO packing_parcel (merchant_id, fulfillment_order_id, number, box_type_id, state, expected_grams,
                            length_mm, width_mm, height_mm, layout, remarks, sealed_by)
SELECT merchant_id, fulfillment_order_id, number, box_type_id, 'open', expected_grams,
       length_mm, width_mm, height_mm, layout, remarks, ''
FROM jsonb_to_recordset(%s::jsonb) AS p(
  merchant_id bigint, fulfillment_order_id bigint, number smallint, box_type_id bigint, expected_grams int,
  length_mm int, width_mm int, height_mm int, layout jsonb, remarks jsonb)
ORDER BY fulfillment_order_id, number
ON CONFLICT (fulfillment_order_id, number) WHERE NOT state = 'void' DO NOTHING
RETURNING fulfillment_order_id, number, id
