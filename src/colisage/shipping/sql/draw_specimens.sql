-- Numbers that are nobody's.
SELECT nextval('shipping_specimen') FROM generate_series(1, %s)
