-- Of a page of SKUs: those that a node keeps, or has something of.
AND (EXISTS (SELECT 1 FROM inventory_availability v WHERE v.sku_id = s.id AND v.node_id = %(node)s)
     OR EXISTS (SELECT 1 FROM inventory_stockcell c WHERE c.sku_id = s.id AND c.node_id = %(node)s AND c.qty > 0))
