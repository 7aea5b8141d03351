-- Of a page of SKUs: those of which units stand in quarantine: in that condition, or in a place of quarantine. Read in two
-- parts, each from an index of its own.
AND s.id IN (
  SELECT c.sku_id FROM inventory_stockcell c
  WHERE c.qty > 0 AND NOT c.sellable AND c.condition = 'quarantine'
    AND (%(node)s::bigint IS NULL OR c.node_id = %(node)s::bigint)
  UNION ALL
  SELECT c.sku_id FROM network_place p JOIN inventory_stockcell c ON c.place_id = p.id
  WHERE p.kind = 'quarantine' AND c.qty > 0 AND NOT c.sellable AND c.condition <> 'damaged'
    AND (%(node)s::bigint IS NULL OR c.node_id = %(node)s::bigint))
