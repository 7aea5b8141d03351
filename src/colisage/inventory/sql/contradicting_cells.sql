-- Cells whose units contradict what they lie on: on a closed plate; of a tree of plates, in another place than most of
-- its units; sellable although the lot is not. Columns: cell, its status of lot (or null: take the units off the plate).
WITH RECURSIVE tree AS (
  SELECT id, id AS root, closed_at FROM inventory_licenseplate WHERE parent_id IS NULL
  UNION ALL
  SELECT p.id, t.root, p.closed_at FROM inventory_licenseplate p JOIN tree t ON p.parent_id = t.id
), laden AS (
  SELECT c.id, c.place_id, c.qty, t.root, t.closed_at, sum(c.qty) OVER (PARTITION BY t.root, c.place_id) AS here
  FROM inventory_stockcell c JOIN tree t ON t.id = c.plate_id WHERE c.kept AND c.qty > 0
), chosen AS (
  SELECT DISTINCT ON (root) root, place_id FROM laden WHERE closed_at IS NULL ORDER BY root, here DESC, place_id
)
SELECT l.id, NULL AS status FROM laden l LEFT JOIN chosen k ON k.root = l.root
WHERE l.closed_at IS NOT NULL OR l.place_id IS DISTINCT FROM k.place_id
UNION ALL
SELECT c.id, o.status FROM inventory_stockcell c JOIN inventory_lot o ON o.id = c.lot_id
WHERE c.sellable AND c.qty > 0 AND o.status <> 'approved'
ORDER BY 1
