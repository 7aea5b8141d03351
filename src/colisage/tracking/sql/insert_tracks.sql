-- Tracks of labels that are on the road or were told about; those that are there stay as they are.
INSERT INTO tracking_track (
  merchant_id, order_id, fulfillment_order_id, parcel_id, carrier_id, tracking_number, status, reason, place, expected_on)
SELECT merchant_id, order_id, fulfillment_order_id, parcel_id, carrier_id, tracking_number, 'pending', '', '', expected_on
FROM jsonb_to_recordset(%s::jsonb) AS t(
  merchant_id bigint, order_id bigint, fulfillment_order_id bigint, parcel_id bigint, carrier_id bigint,
  tracking_number text, expected_on date)
ORDER BY tracking_number
ON CONFLICT DO NOTHING
