-- The SKUs of which owners have promises in these states, however many owners: one parameter.
SELECT DISTINCT sku_id FROM inventory_reservation WHERE owner_kind = %s AND owner_id = ANY (%s) AND state = ANY (%s)
