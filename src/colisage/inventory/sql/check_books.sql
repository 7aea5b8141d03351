-- Every figure of the books beside the one that its movements, allocations and reservations prove. What cells hold is
-- proven from the movements since `after` and, where that is not 0, the balances of the proof that ends there. With 0 all
-- movements are read, once, and those below `upto`, the end of the proof before, are compared with what they were.
-- Columns: what, key, found, proven, merchant, SKU, node.
WITH ways AS MATERIALIZED (
  SELECT from_cell_id, to_cell_id, merchant_id, sku_id, sum(qty)::bigint AS qty,
         coalesce(sum(qty) FILTER (WHERE xid < %(upto)s::xid8), 0)::bigint AS earlier,
         count(*) FILTER (WHERE xid < %(upto)s::xid8) AS movements,
         coalesce(bit_xor(hash_record_extended((id, from_cell_id, to_cell_id, qty), 0)) FILTER (WHERE xid < %(upto)s::xid8), 0) AS digest
  FROM inventory_stockmovement WHERE xid >= %(after)s::xid8
  GROUP BY from_cell_id, to_cell_id, merchant_id, sku_id
), moved AS (
  SELECT cell, sum(delta)::bigint AS qty, sum(before)::bigint AS earlier
  FROM (SELECT to_cell_id AS cell, qty AS delta, earlier AS before FROM ways UNION ALL SELECT from_cell_id, -qty, -earlier FROM ways) x
  GROUP BY cell
), cells AS MATERIALIZED (
  SELECT c.id, c.merchant_id, c.sku_id, c.node_id, c.place_id, c.lot_id, c.qty, c.allocated, c.kept, c.sellable,
         CASE WHEN c.kept THEN coalesce(m.qty, 0) + CASE WHEN %(after)s::xid8 > '0'::xid8 THEN coalesce(p.qty, 0) ELSE 0 END ELSE 0 END AS proven,
         l.node_id AS at_node, l.node_id IS NOT NULL AS is_kept, l.kind = 'bin' AND c.condition = 'sellable' AS is_sellable,
         coalesce(m.earlier, 0) AS earlier, coalesce(p.qty, 0) AS was
  FROM inventory_stockcell c
  JOIN network_place l ON l.id = c.place_id
  LEFT JOIN moved m ON m.cell = c.id
  LEFT JOIN inventory_provencell p ON p.cell_id = c.id
), bound AS (
  SELECT cell_id, sum(qty)::bigint AS qty FROM inventory_allocation WHERE open GROUP BY cell_id
), held AS (
  SELECT sku_id, node_id, coalesce(sum(qty) FILTER (WHERE state = 'held'), 0)::bigint AS qty,
         coalesce(sum(qty) FILTER (WHERE state = 'ahead'), 0)::bigint AS ahead
  FROM inventory_reservation WHERE state IN ('held', 'ahead') GROUP BY sku_id, node_id
), promises AS (
  SELECT coalesce(v.merchant_id, s.merchant_id) AS merchant_id, sku_id, node_id, v.source,
         coalesce(v.sellable, 0) AS sellable, coalesce(s.qty, 0) AS lying, coalesce(v.reserved, 0) AS reserved,
         coalesce(h.qty, 0) AS held, coalesce(v.ahead, 0) AS ahead, coalesce(h.ahead, 0) AS taken_ahead
  FROM inventory_availability v
  FULL JOIN (SELECT min(merchant_id) AS merchant_id, sku_id, node_id, sum(qty)::bigint AS qty
             FROM cells WHERE sellable GROUP BY sku_id, node_id) s USING (sku_id, node_id)
  FULL JOIN held h USING (sku_id, node_id)
), found AS (
  SELECT 'cell' AS what, id::text AS key, qty::bigint AS found, proven, merchant_id, sku_id, node_id FROM cells WHERE qty <> proven
  UNION ALL  -- the movements themselves take out more than they brought: no cell can say so
  SELECT 'below_zero', id::text, proven, 0, merchant_id, sku_id, node_id FROM cells WHERE proven < 0
  UNION ALL
  SELECT 'cell_key', id::text, 1, 0, merchant_id, sku_id, node_id FROM cells
  WHERE (node_id, kept, sellable) IS DISTINCT FROM (at_node, is_kept, is_sellable)
  UNION ALL
  SELECT 'availability', sku_id || '@' || coalesce(node_id, 0), sellable, lying, merchant_id, sku_id, node_id FROM promises
  WHERE sellable <> lying AND coalesce(source, 'ledger') = 'ledger'
  UNION ALL
  SELECT 'reserved', sku_id || '@' || coalesce(node_id, 0), reserved, held, merchant_id, sku_id, node_id FROM promises
  WHERE reserved <> held
  UNION ALL
  SELECT 'ahead', sku_id || '@' || coalesce(node_id, 0), ahead, taken_ahead, merchant_id, sku_id, node_id FROM promises
  WHERE ahead <> taken_ahead AND node_id IS NOT NULL
  UNION ALL
  SELECT 'oversold', sku_id || '@' || node_id, held, lying, merchant_id, sku_id, node_id FROM promises
  WHERE coalesce(source, 'ledger') = 'ledger' AND held > lying
  UNION ALL
  SELECT 'allocated', c.id::text, c.allocated, coalesce(b.qty, 0), c.merchant_id, c.sku_id, c.node_id
  FROM cells c LEFT JOIN bound b ON b.cell_id = c.id WHERE c.allocated <> coalesce(b.qty, 0)
  UNION ALL
  SELECT 'overbound', c.id::text, b.qty, greatest(c.proven, 0), c.merchant_id, c.sku_id, c.node_id
  FROM cells c JOIN bound b ON b.cell_id = c.id WHERE b.qty > greatest(c.proven, 0)
  UNION ALL  -- bound without being held, bound elsewhere, or more bound than is held
  SELECT 'allocation', a.id::text, a.qty, 0, a.merchant_id, r.sku_id, r.node_id
  FROM inventory_allocation a JOIN inventory_reservation r ON r.id = a.reservation_id JOIN inventory_stockcell c ON c.id = a.cell_id
  WHERE a.open AND (r.state <> 'held' OR (c.merchant_id, c.sku_id, c.node_id) IS DISTINCT FROM (r.merchant_id, r.sku_id, r.node_id))
  UNION ALL
  SELECT 'bound_twice', r.id::text, sum(a.qty), r.qty, r.merchant_id, r.sku_id, r.node_id
  FROM inventory_allocation a JOIN inventory_reservation r ON r.id = a.reservation_id
  WHERE a.open GROUP BY r.id HAVING sum(a.qty) > r.qty
  UNION ALL  -- movements that the database would have refused; the key names their cells
  SELECT 'movement', w.from_cell_id || '>' || w.to_cell_id, w.qty, 0, w.merchant_id, w.sku_id, coalesce(a.node_id, b.node_id)
  FROM ways w LEFT JOIN cells a ON a.id = w.from_cell_id LEFT JOIN cells b ON b.id = w.to_cell_id
  WHERE (a.merchant_id, a.sku_id) IS DISTINCT FROM (w.merchant_id, w.sku_id)
     OR (b.merchant_id, b.sku_id) IS DISTINCT FROM (w.merchant_id, w.sku_id) OR NOT (a.kept OR b.kept)
  UNION ALL  -- what was proven before, read again
  SELECT 'history', id::text, earlier, was, merchant_id, sku_id, node_id FROM cells
  WHERE %(after)s::xid8 = '0'::xid8 AND %(upto)s::xid8 > '0'::xid8 AND earlier <> was
  UNION ALL
  SELECT 'movements', 'all', h.movements, %(movements)s, NULL, NULL, NULL
  FROM (SELECT coalesce(sum(movements), 0)::bigint AS movements, coalesce(bit_xor(digest), 0) AS digest FROM ways) h
  WHERE %(after)s::xid8 = '0'::xid8 AND %(upto)s::xid8 > '0'::xid8 AND (h.movements <> %(movements)s OR h.digest <> %(digest)s)
  UNION ALL
  SELECT 'serial', l.id::text, sum(c.proven), 1, l.merchant_id, l.sku_id, min(c.node_id)
  FROM inventory_lot l JOIN cells c ON c.lot_id = l.id WHERE l.is_serial AND c.kept GROUP BY l.id HAVING sum(c.proven) > 1
  UNION ALL
  SELECT 'lot_held', c.id::text, c.proven, 0, c.merchant_id, c.sku_id, c.node_id
  FROM cells c JOIN inventory_lot l ON l.id = c.lot_id
  WHERE c.sellable AND c.proven > 0 AND l.status <> 'approved'
  UNION ALL
  SELECT 'lot', c.id::text, c.proven, 0, c.merchant_id, c.sku_id, c.node_id
  FROM cells c JOIN inventory_lot l ON l.id = c.lot_id
  WHERE c.proven <> 0 AND (l.merchant_id, l.sku_id) IS DISTINCT FROM (c.merchant_id, c.sku_id)
)
SELECT what, key, found, proven, merchant_id, sku_id, node_id FROM found ORDER BY what, length(key), key
