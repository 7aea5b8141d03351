-- The lines of new orders.
INSERT INTO orders_orderline (
  merchant_id, order_id, position, sku_id, sku_code, name, quantity, cancelled, unit_price_cents, discount_cents, tax_cents,
  requires_shipping, recipe, external_ref, personalisation)
SELECT merchant_id, order_id, position, sku_id, sku_code, name, quantity, 0, unit_price_cents, discount_cents, tax_cents,
  requires_shipping, recipe, external_ref, personalisation
FROM jsonb_to_recordset(%s::jsonb) AS l(
  merchant_id bigint, order_id bigint, position smallint, sku_id bigint, sku_code text, name text, quantity int,
  unit_price_cents bigint, discount_cents bigint, tax_cents bigint, requires_shipping boolean, recipe jsonb,
  external_ref text, personalisation text)
RETURNING id, order_id, position
