-- What new orders are found by: a row for each of their tags, in capitals, as `set_tags` writes it.
INSERT INTO orders_ordertag (merchant_id, order_id, key)
SELECT DISTINCT t.merchant_id, t.id, left(upper(tag), 300) AS key
FROM jsonb_to_recordset(%s::jsonb) AS t(merchant_id bigint, id bigint, tags jsonb)
CROSS JOIN LATERAL jsonb_array_elements_text(t.tags) AS tag
ORDER BY 2, 3
