-- The orders of a batch that are new, each once, with their lines; gives for each order its number in the batch and its
-- id, and for each line no number, the id of its order, its position and its own id. The two are not joined: a plan that
-- serves one order as well as thousands takes both for short, and would compare each with each.
-- Ids follow the order of arrival; rows are written in the order of their references, so that two batches with the same
-- ones wait for each other and do not deadlock. A reference that another transaction is writing right now is waited for.
WITH batch AS (
  SELECT DISTINCT ON (channel_id, external_ref) *
  FROM jsonb_to_recordset(%s::jsonb) AS o(
    n int, merchant_id bigint, channel_id bigint, external_ref text, number text, payment text, placed_at timestamptz,
    currency text, shipping_cents bigint, discount_cents bigint, charges_cents bigint,
    charges jsonb, tax_cents bigint, total_cents bigint,
    prices_include_tax boolean, email text, phone text, customer_name text, language text, ship_to jsonb, bill_to jsonb,
    shipping_method text, customer_note text, gift_note text, purchase_reference text, wanted_on date, tags jsonb, fingerprint text, quiet boolean)
  ORDER BY channel_id, external_ref, n
), numbered AS MATERIALIZED (
  SELECT nextval('orders_order_id_seq') AS id, arrived.* FROM (SELECT * FROM batch ORDER BY n) AS arrived
), made AS (
  INSERT INTO orders_order (
    id, merchant_id, channel_id, external_ref, number, state, payment, placed_at, currency, shipping_cents, discount_cents,
    charges_cents, charges, tax_cents, total_cents, prices_include_tax, email, phone, customer_name, language, ship_to, bill_to, shipping_method,
    customer_note, gift_note, purchase_reference, wanted_on, tags, fingerprint, quiet)
  SELECT id, merchant_id, channel_id, external_ref, number, 'open', payment, placed_at, currency, shipping_cents, discount_cents,
    charges_cents, charges, tax_cents, total_cents, prices_include_tax, email, phone, customer_name, language, ship_to, bill_to, shipping_method,
    customer_note, gift_note, purchase_reference, wanted_on, tags, fingerprint, quiet
  FROM numbered ORDER BY channel_id, external_ref
  ON CONFLICT (channel_id, external_ref) DO NOTHING
  RETURNING id, channel_id, external_ref
), fresh AS MATERIALIZED (
  SELECT b.n, m.id, b.merchant_id, b.tags FROM made m JOIN batch b USING (channel_id, external_ref)
), tagged AS (  -- as `set_tags` does
  INSERT INTO orders_ordertag (merchant_id, order_id, key)
  SELECT DISTINCT f.merchant_id, f.id, left(upper(tag), 300)
  FROM fresh f CROSS JOIN LATERAL jsonb_array_elements_text(f.tags) AS tag
), lines AS (
  INSERT INTO orders_orderline (
    merchant_id, order_id, position, sku_id, sku_code, name, quantity, cancelled, unit_price_cents, discount_cents,
    tax_cents, requires_shipping, recipe, external_ref, personalisation, served_by)
  SELECT l.merchant_id, f.id, l.position, l.sku_id, l.sku_code, l.name, l.quantity, 0, l.unit_price_cents, l.discount_cents,
    l.tax_cents, l.requires_shipping, l.recipe, l.external_ref, l.personalisation, l.served_by
  FROM jsonb_to_recordset(%s::jsonb) AS l(
    n int, merchant_id bigint, position smallint, sku_id bigint, sku_code text, name text, quantity int,
    unit_price_cents bigint, discount_cents bigint, tax_cents bigint, requires_shipping boolean, recipe jsonb,
    external_ref text, personalisation text, served_by text)
  JOIN fresh f ON f.n = l.n
  ORDER BY l.n, l.position
  RETURNING id, order_id, position
)
SELECT n, id, NULL::smallint, NULL::bigint FROM fresh UNION ALL SELECT NULL, order_id, position, id FROM lines
