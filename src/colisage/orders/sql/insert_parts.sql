-- The parts of many orders with their lines (order line, SKU, units, reservation); gives the ids, in the order of the parts.
WITH part AS MATERIALIZED (
  SELECT nextval('orders_fulfillmentorder_id_seq') AS id, p.*
  FROM ROWS FROM (jsonb_to_recordset(%s::jsonb) AS (
    merchant_id bigint, order_id bigint, node_id bigint, stage text, held boolean, ship_by timestamptz, priority smallint,
    lines jsonb)) WITH ORDINALITY AS p
), made AS (
  INSERT INTO orders_fulfillmentorder (id, merchant_id, order_id, node_id, kind, stage, held, ship_by, priority)
  SELECT id, merchant_id, order_id, node_id, 'sale', stage, held, ship_by, priority FROM part ORDER BY ordinality
), lines AS (
  INSERT INTO orders_fulfillmentline (merchant_id, fulfillment_order_id, order_line_id, sku_id, quantity, reservation_id)
  SELECT p.merchant_id, p.id, (l.told ->> 0)::bigint, (l.told ->> 1)::bigint, (l.told ->> 2)::int, (l.told ->> 3)::bigint
  FROM part p CROSS JOIN LATERAL jsonb_array_elements(p.lines) WITH ORDINALITY AS l (told, n)
  ORDER BY p.ordinality, l.n
)
SELECT id FROM part ORDER BY ordinality
