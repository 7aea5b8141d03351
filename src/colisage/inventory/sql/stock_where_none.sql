-- Of a page of SKUs: those of which nothing may be promised. Bundles have no stock of their own.
AND s.kind <> 'bundle'
AND NOT EXISTS (SELECT 1 FROM inventory_availability v WHERE v.sku_id = s.id
                AND (v.source = 'unlimited' OR v.sellable - v.reserved > v.safety)
                AND (%(node)s::bigint IS NULL OR v.node_id = %(node)s::bigint))
