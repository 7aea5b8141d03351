-- The tracking numbers a carrier gave to an operator, in place of those it had.
INSERT INTO shipping_numberrange (operator_id, carrier_id, prefix, country, next, last)
SELECT %(operator)s, id, %(prefix)s, %(country)s, %(first)s, %(last)s FROM carriers_carrier WHERE code = %(carrier)s
ON CONFLICT (operator_id, carrier_id) DO UPDATE
SET prefix = excluded.prefix, country = excluded.country, next = excluded.next, last = excluded.last
