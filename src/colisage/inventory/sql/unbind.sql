-- End open allocations, the last made first, until so many units of each cell are bound to nobody. The promises stay
-- held: whoever hears of it binds them elsewhere. Availability, promises and cells are locked already.
WITH excess AS (
  SELECT c.id AS cell_id, w.units - (c.qty - c.allocated) AS units
  FROM unnest(%s::bigint[], %s::int[]) AS w(cell_id, units)
  JOIN inventory_stockcell c ON c.id = w.cell_id
  WHERE w.units > c.qty - c.allocated
), bound AS (
  SELECT a.id, e.units, sum(a.qty) OVER (PARTITION BY a.cell_id ORDER BY a.id DESC) - a.qty AS later
  FROM inventory_allocation a JOIN excess e ON e.cell_id = a.cell_id
  WHERE a.open
), ended AS (
  UPDATE inventory_allocation a SET open = false FROM bound b WHERE a.id = b.id AND b.later < b.units AND a.open
  RETURNING a.cell_id, a.reservation_id, a.qty
), cells AS (
  UPDATE inventory_stockcell c SET allocated = c.allocated - e.qty
  FROM (SELECT cell_id, sum(qty)::int AS qty FROM ended GROUP BY cell_id) e WHERE c.id = e.cell_id
)
SELECT r.merchant_id, r.owner_kind, r.owner_id, r.id, r.sku_id, r.node_id, sum(e.qty)::int
FROM ended e JOIN inventory_reservation r ON r.id = e.reservation_id
GROUP BY r.id
ORDER BY r.id
