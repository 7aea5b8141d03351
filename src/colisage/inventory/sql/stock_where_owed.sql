-- Of a page of SKUs: those of which units are owed.
AND EXISTS (SELECT 1 FROM inventory_reservation r WHERE r.sku_id = s.id AND r.state = 'waiting'
            AND (%(node)s::bigint IS NULL OR r.node_id = %(node)s::bigint))
