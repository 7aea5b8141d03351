-- Every figure of the books beside the one that its movements, allocations and reservations prove.
WITH moved AS (
  SELECT cell, sum(delta)::bigint AS qty
  FROM (SELECT to_cell_id AS cell, qty AS delta FROM inventory_stockmovement
        UNION ALL SELECT from_cell_id, -qty FROM inventory_stockmovement) x
  GROUP BY cell
)
SELECT 'cell', c.id::text, c.qty::bigint, CASE WHEN c.kept THEN coalesce(m.qty, 0) ELSE 0 END
FROM inventory_stockcell c LEFT JOIN moved m ON m.cell = c.id
WHERE c.qty <> CASE WHEN c.kept THEN coalesce(m.qty, 0) ELSE 0 END
UNION ALL
SELECT 'availability', v.sku_id || '@' || v.node_id, v.sellable, coalesce(s.qty, 0)
FROM inventory_availability v
LEFT JOIN (SELECT sku_id, node_id, sum(qty) AS qty FROM inventory_stockcell WHERE sellable GROUP BY sku_id, node_id) s
  ON s.sku_id = v.sku_id AND s.node_id = v.node_id
WHERE v.source = 'ledger' AND v.sellable <> coalesce(s.qty, 0)
UNION ALL
SELECT 'allocated', c.id::text, c.allocated, coalesce(a.qty, 0)
FROM inventory_stockcell c
LEFT JOIN (SELECT cell_id, sum(qty) AS qty FROM inventory_allocation WHERE open GROUP BY cell_id) a ON a.cell_id = c.id
WHERE c.allocated <> coalesce(a.qty, 0)
UNION ALL
SELECT 'reserved', v.sku_id || '@' || v.node_id, v.reserved, coalesce(r.qty, 0)
FROM inventory_availability v
LEFT JOIN (SELECT sku_id, node_id, sum(qty) AS qty FROM inventory_reservation WHERE state = 'held' GROUP BY sku_id, node_id) r
  ON r.sku_id = v.sku_id AND r.node_id = v.node_id
WHERE v.reserved <> coalesce(r.qty, 0)
ORDER BY 1, 2
