-- Licence plates that contradict themselves: a tree of plates lies in two places, turns in a circle, belongs to two
-- merchants, or units lie on a plate that is closed. Columns: what, key, found, proven, merchant, SKU, node.
WITH RECURSIVE tree AS (
  SELECT id, id AS root, merchant_id FROM inventory_licenseplate WHERE parent_id IS NULL
  UNION ALL
  SELECT p.id, t.root, p.merchant_id FROM inventory_licenseplate p JOIN tree t ON p.parent_id = t.id
), laden AS MATERIALIZED (
  SELECT plate_id, place_id, node_id, merchant_id, sum(qty)::bigint AS qty
  FROM inventory_stockcell WHERE plate_id IS NOT NULL AND kept AND qty > 0 GROUP BY plate_id, place_id, node_id, merchant_id
)
SELECT 'plate_places' AS what, t.root::text AS key, count(DISTINCT l.place_id) AS found, 1::bigint AS proven,
       min(l.merchant_id) AS merchant_id, NULL::bigint AS sku_id, min(l.node_id) AS node_id
FROM tree t JOIN laden l ON l.plate_id = t.id GROUP BY t.root HAVING count(DISTINCT l.place_id) > 1
UNION ALL  -- no way leads to it from a plate that stands on the floor
SELECT 'plate_circle', p.id::text, 1, 0, p.merchant_id, NULL, NULL
FROM inventory_licenseplate p WHERE NOT EXISTS (SELECT 1 FROM tree t WHERE t.id = p.id)
UNION ALL
SELECT 'plate_closed', p.id::text, sum(l.qty), 0, p.merchant_id, NULL, min(l.node_id)
FROM inventory_licenseplate p JOIN laden l ON l.plate_id = p.id WHERE p.closed_at IS NOT NULL GROUP BY p.id
UNION ALL
SELECT 'plate_merchant', p.id::text, sum(l.qty), 0, p.merchant_id, NULL, min(l.node_id)
FROM inventory_licenseplate p JOIN laden l ON l.plate_id = p.id WHERE l.merchant_id <> p.merchant_id GROUP BY p.id
UNION ALL
SELECT 'plate_merchant', p.id::text, 1, 0, p.merchant_id, NULL, NULL
FROM inventory_licenseplate p JOIN inventory_licenseplate o ON o.id = p.parent_id WHERE o.merchant_id <> p.merchant_id
ORDER BY 1, 2
