-- An operator buys a carrier's labels through a connector from now on.
INSERT INTO shipping_carrieraccount (operator_id, carrier_id, connector, active)
SELECT %(operator)s, id, %(connector)s, true FROM carriers_carrier WHERE code = %(carrier)s
ON CONFLICT (operator_id, carrier_id) DO UPDATE SET connector = excluded.connector, active = true
