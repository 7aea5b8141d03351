-- Take away what is written as lacking and does not: something is free, a younger row says the same, the SKU is not listed or has
-- another code. What becomes lacking while this runs has a row that this does not see.
DELETE FROM inventory_lacking l
WHERE EXISTS (SELECT 1 FROM inventory_availability v
              WHERE v.sku_id = l.sku_id AND v.gives AND (l.node_id = 0 OR v.node_id = l.node_id))
   OR EXISTS (SELECT 1 FROM inventory_lacking y
              WHERE y.merchant_id = l.merchant_id AND y.node_id = l.node_id AND y.code_key = l.code_key AND y.sku_id = l.sku_id
                AND y.id > l.id)
   OR NOT EXISTS (
     SELECT 1 FROM catalog_sku s
     WHERE s.id = l.sku_id AND s.code_key = l.code_key AND s.kind <> 'bundle'
       AND (s.active OR EXISTS (
         SELECT 1 FROM inventory_stockcell c
         WHERE c.sku_id = s.id AND c.qty > 0 AND (l.node_id = 0 OR c.node_id = l.node_id))))
