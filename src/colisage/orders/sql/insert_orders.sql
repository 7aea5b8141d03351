-- The orders of a batch that are new, with their lines; no reference of a channel stands in it twice. Ids are drawn before
-- (`draw_ids`). Gives the ids of those that are new as one array, because thousands of short rows cost more to read than to write.
-- Orders and lines are not joined: a plan that serves one order as well as thousands takes both for short, and would compare
-- each with each. What an order or a line does not say is left out of the JSON: two thirds of it would be names of empty fields.
-- Rows are written in the order of their references, so that two batches with the same
-- ones wait for each other and do not deadlock. A reference that another transaction is writing right now is waited for.
-- A lone order pays for the setting up of each part of the plan: what few orders have, such as tags, is written elsewhere.
-- Whoever expects all to be new says so: if one is not, the transaction is undone.
WITH batch AS MATERIALIZED (
  SELECT *
  FROM jsonb_to_recordset(%s::jsonb) AS o(
    id bigint, merchant_id bigint, channel_id bigint, external_ref text, number text, payment text, placed_at timestamptz,
    currency text, shipping_cents bigint, discount_cents bigint, charges jsonb, tax_cents bigint, total_cents bigint,
    prices_include_tax boolean, email text, phone text, customer_name text, language text, ship_to jsonb, bill_to jsonb,
    shipping_method text, customer_note text, gift_note text, purchase_reference text, wanted_on date, tags jsonb,
    fingerprint text, quiet boolean, lines jsonb)
), made AS (
  INSERT INTO orders_order (
    id, merchant_id, channel_id, external_ref, number, state, payment, placed_at, currency, shipping_cents, discount_cents,
    charges_cents, charges, tax_cents, total_cents, prices_include_tax, email, phone, customer_name, language, ship_to, bill_to, shipping_method,
    customer_note, gift_note, purchase_reference, wanted_on, tags, fingerprint, quiet)
  SELECT id, merchant_id, channel_id, external_ref, number, 'open', coalesce(payment, 'unknown'), placed_at, currency,
    coalesce(shipping_cents, 0), coalesce(discount_cents, 0),
    CASE WHEN charges IS NULL THEN 0 ELSE (SELECT coalesce(sum((c->>'cents')::bigint), 0) FROM jsonb_array_elements(charges) AS c) END,
    coalesce(charges, '[]'), coalesce(tax_cents, 0), coalesce(total_cents, 0), coalesce(prices_include_tax, true),
    coalesce(email, ''), coalesce(phone, ''), coalesce(customer_name, ''), coalesce(language, 'fr'), ship_to, bill_to,
    coalesce(shipping_method, ''), coalesce(customer_note, ''), coalesce(gift_note, ''), coalesce(purchase_reference, ''),
    wanted_on, coalesce(tags, '[]'), coalesce(fingerprint, ''), coalesce(quiet, false)
  FROM batch ORDER BY channel_id, external_ref
  ON CONFLICT (channel_id, external_ref) DO NOTHING
  RETURNING id
), lines AS (
  INSERT INTO orders_orderline (
    id, merchant_id, order_id, position, sku_id, sku_code, name, quantity, cancelled, unit_price_cents, discount_cents,
    tax_cents, requires_shipping, recipe, external_ref, personalisation, served_by)
  SELECT l.id, b.merchant_id, b.id, l.ordinality, l.sku_id, l.sku_code, l.name, l.quantity, 0, l.unit_price_cents,
    coalesce(l.discount_cents, 0), coalesce(l.tax_cents, 0), coalesce(l.requires_shipping, true), l.recipe,
    coalesce(l.external_ref, ''), coalesce(l.personalisation, ''), coalesce(l.served_by, '')
  FROM batch b CROSS JOIN LATERAL ROWS FROM (jsonb_to_recordset(b.lines) AS (
    id bigint, sku_id bigint, sku_code text, name text, quantity int, unit_price_cents bigint, discount_cents bigint,
    tax_cents bigint, requires_shipping boolean, recipe jsonb, external_ref text, personalisation text,
    served_by text)) WITH ORDINALITY AS l
  WHERE b.id IN (SELECT id FROM made)
  ORDER BY l.id
)
SELECT coalesce(array_agg(id), '{}') FROM made
HAVING colisage_expect(NOT %s::boolean OR count(*) = (SELECT count(*) FROM batch))
