-- Of a page of SKUs: those that a text names. They are few, and known.
AND s.id = ANY (%(sought_ids)s::bigint[])
