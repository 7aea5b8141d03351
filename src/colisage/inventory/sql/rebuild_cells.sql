-- Set the cells of these SKUs to what their movements, open allocations and places prove; the guard of cells lets
-- nothing else through. Cells whose movements bring less than nothing are left for a movement. Locked already.
UPDATE inventory_stockcell c
SET qty = p.qty, allocated = p.allocated, node_id = p.node_id, kept = p.kept, sellable = p.sellable
FROM (
  SELECT x.id, l.node_id, l.node_id IS NOT NULL AS kept, l.kind = 'bin' AND x.condition = 'sellable' AS sellable,
         CASE WHEN l.node_id IS NULL THEN 0 ELSE
           coalesce((SELECT sum(m.qty) FROM inventory_stockmovement m WHERE m.to_cell_id = x.id), 0)
           - coalesce((SELECT sum(m.qty) FROM inventory_stockmovement m WHERE m.from_cell_id = x.id), 0) END AS qty,
         coalesce((SELECT sum(a.qty) FROM inventory_allocation a WHERE a.cell_id = x.id AND a.open), 0) AS allocated
  FROM inventory_stockcell x JOIN network_place l ON l.id = x.place_id
  WHERE x.sku_id = ANY (%(skus)s)
) p
WHERE c.id = p.id AND p.qty >= 0
  AND (c.qty, c.allocated, c.node_id, c.kept, c.sellable) IS DISTINCT FROM (p.qty, p.allocated, p.node_id, p.kept, p.sellable)
