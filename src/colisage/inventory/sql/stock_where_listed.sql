-- Of a page of SKUs: those that are sold, and those of which something still lies here.
AND (s.active OR EXISTS (SELECT 1 FROM inventory_stockcell c
                         WHERE c.sku_id = s.id AND c.qty > 0 AND (%(node)s::bigint IS NULL OR c.node_id = %(node)s::bigint) OFFSET 0))
