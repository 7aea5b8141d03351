-- Of a page of SKUs: those that are free for less than what is kept back as safety, somewhere.
AND s.id IN (SELECT v.sku_id FROM inventory_availability v
             WHERE v.merchant_id = ANY (%(merchants)s::bigint[]) AND v.falls_short
               AND (%(node)s::bigint IS NULL OR v.node_id = %(node)s::bigint))
