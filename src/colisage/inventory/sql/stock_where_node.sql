-- Of a page of SKUs: those that a node of few SKUs keeps, or has something of. Its own few are read first.
AND s.id IN (SELECT v.sku_id FROM inventory_availability v WHERE v.node_id = %(node)s
             UNION ALL SELECT c.sku_id FROM inventory_stockcell c WHERE c.node_id = %(node)s AND c.qty > 0)
