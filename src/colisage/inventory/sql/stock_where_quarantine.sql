-- Of a page of SKUs: those of which units stand in quarantine.
AND EXISTS (SELECT 1 FROM inventory_stockcell c LEFT JOIN network_place p ON p.id = c.place_id
            WHERE c.sku_id = s.id AND c.qty > 0 AND NOT c.sellable
            AND (c.condition = 'quarantine' OR c.condition <> 'damaged' AND p.kind = 'quarantine')
            AND (%(node)s::bigint IS NULL OR c.node_id = %(node)s::bigint))
