-- The ranges that operators have of carriers, and what is left of them; locked until the numbers are drawn.
SELECT id, operator_id, carrier_id, prefix, country, next, last FROM shipping_numberrange
WHERE (operator_id, carrier_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
ORDER BY id FOR NO KEY UPDATE
