-- Of a page of SKUs: those that are free for less than what is kept back as safety, somewhere.
AND EXISTS (SELECT 1 FROM inventory_availability v WHERE v.sku_id = s.id AND v.safety > 0
            AND v.source <> 'unlimited' AND v.sellable - v.reserved < v.safety
            AND (%(node)s::bigint IS NULL OR v.node_id = %(node)s::bigint))
