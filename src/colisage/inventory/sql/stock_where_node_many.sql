-- Of a page of SKUs: those that a node of many SKUs keeps, or has something of. They are looked up SKU by SKU (OFFSET 0),
-- until the page is full.
AND (EXISTS (SELECT 1 FROM inventory_availability v WHERE v.sku_id = s.id AND v.node_id = %(node)s OFFSET 0)
     OR EXISTS (SELECT 1 FROM inventory_stockcell c WHERE c.sku_id = s.id AND c.node_id = %(node)s AND c.qty > 0 OFFSET 0))
