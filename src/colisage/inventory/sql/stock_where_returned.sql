-- Of a page of SKUs: those of which units came back and wait on the table of returns.
AND EXISTS (SELECT 1 FROM inventory_stockcell c WHERE c.sku_id = s.id AND c.qty > 0 AND NOT c.sellable
            AND c.condition = 'returned' AND (%(node)s::bigint IS NULL OR c.node_id = %(node)s::bigint))
