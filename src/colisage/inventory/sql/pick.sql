-- Close open allocations with the units taken. Each reservation gives those units to `picked`: the whole row, or a new
-- row of that many. What is reserved and what is allocated fall by as much; the movement that follows lowers the rest.
WITH taken AS (
  SELECT a.id, a.reservation_id, a.cell_id, a.qty AS bound, t.units
  FROM unnest(%s::bigint[], %s::int[]) AS t(id, units)
  JOIN inventory_allocation a ON a.id = t.id AND a.open
  WHERE t.units BETWEEN 0 AND a.qty
  ORDER BY a.id FOR NO KEY UPDATE OF a
), closed AS (
  UPDATE inventory_allocation a SET open = false, qty = greatest(t.units, 1) FROM taken t WHERE a.id = t.id
), unbound AS (
  UPDATE inventory_stockcell c SET allocated = c.allocated - d.qty
  FROM (SELECT cell_id, sum(bound)::int AS qty FROM taken GROUP BY cell_id) d WHERE c.id = d.cell_id
), per AS (
  SELECT reservation_id, sum(units)::int AS units FROM taken GROUP BY reservation_id HAVING sum(units) > 0
), whole AS (
  UPDATE inventory_reservation r SET state = 'picked' FROM per WHERE r.id = per.reservation_id AND r.qty = per.units
  RETURNING r.sku_id, r.node_id, per.units
), part AS (
  UPDATE inventory_reservation r SET qty = r.qty - per.units FROM per WHERE r.id = per.reservation_id AND r.qty > per.units
  RETURNING r.merchant_id, r.owner_kind, r.owner_id, r.sku_id, r.node_id, r.priority, r.since, r.buffer, per.units
), split AS (
  INSERT INTO inventory_reservation (merchant_id, owner_kind, owner_id, sku_id, node_id, qty, state, priority, since, buffer)
  SELECT merchant_id, owner_kind, owner_id, sku_id, node_id, units, 'picked', priority, since, buffer FROM part
), fallen AS (
  UPDATE inventory_availability v SET reserved = v.reserved - d.units
  FROM (SELECT sku_id, node_id, sum(units)::int AS units
        FROM (SELECT * FROM whole UNION ALL SELECT sku_id, node_id, units FROM part) x GROUP BY sku_id, node_id) d
  WHERE v.sku_id = d.sku_id AND v.node_id = d.node_id
)
SELECT t.id, c.merchant_id, c.sku_id, c.place_id, c.lot_id, c.plate_id, c.owner_id, c.condition
FROM taken t JOIN inventory_stockcell c ON c.id = t.cell_id
