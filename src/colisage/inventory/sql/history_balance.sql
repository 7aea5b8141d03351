-- What was on hand after each of these movements: what is on hand now, less what came since. One statement, one
-- moment: a movement posted meanwhile is in both or in neither.
WITH wanted AS (
  SELECT unnest(%(ids)s::bigint[]) AS id
), here AS (
  SELECT coalesce(sum(c.qty), 0)::int AS qty
  FROM inventory_stockcell c LEFT JOIN network_place p ON p.id = c.place_id
  WHERE c.sku_id = %(sku)s AND c.merchant_id = %(merchant)s AND c.qty > 0 AND p.kind IS DISTINCT FROM 'transit'
    AND (%(node)s::bigint IS NULL OR c.node_id = %(node)s::bigint)
), inside AS (
  SELECT c.id
  FROM inventory_stockcell c LEFT JOIN network_place p ON p.id = c.place_id
  WHERE c.sku_id = %(sku)s AND c.merchant_id = %(merchant)s AND c.kept AND p.kind IS DISTINCT FROM 'transit'
    AND (%(node)s::bigint IS NULL OR c.node_id = %(node)s::bigint)
), later AS (
  SELECT m.id, m.qty * ((t.id IS NOT NULL)::int - (f.id IS NOT NULL)::int) AS delta
  FROM inventory_stockmovement m
  LEFT JOIN inside f ON f.id = m.from_cell_id
  LEFT JOIN inside t ON t.id = m.to_cell_id
  WHERE m.sku_id = %(sku)s AND m.merchant_id = %(merchant)s AND m.id >= (SELECT min(id) FROM wanted)
), summed AS (
  SELECT id, sum(delta) OVER (ORDER BY id DESC ROWS UNBOUNDED PRECEDING) - delta AS since FROM later
)
SELECT s.id, ((SELECT qty FROM here) - s.since)::int FROM summed s JOIN wanted w ON w.id = s.id
