-- Of a page of SKUs: those of which nothing may be promised, anywhere or at a node; bundles have no stock of their own. Looked up SKU
-- by SKU (OFFSET 0).
AND s.kind <> 'bundle'
AND NOT EXISTS (SELECT 1 FROM inventory_availability v
                WHERE v.sku_id = s.id AND v.gives AND (%(node)s::bigint IS NULL OR v.node_id = %(node)s::bigint) OFFSET 0)
