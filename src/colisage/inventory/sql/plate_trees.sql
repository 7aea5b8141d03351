-- The plates of the trees that these plates stand in, each with its root and its depth there.
WITH RECURSIVE up AS (
  SELECT id, parent_id FROM inventory_licenseplate WHERE id = ANY (%(plates)s) AND merchant_id = ANY (%(merchants)s)
  UNION SELECT p.id, p.parent_id FROM up JOIN inventory_licenseplate p ON p.id = up.parent_id
), down AS (
  SELECT id, id AS root, 0 AS depth FROM up WHERE parent_id IS NULL
  UNION ALL SELECT p.id, d.root, d.depth + 1 FROM down d JOIN inventory_licenseplate p ON p.parent_id = d.id
)
SELECT p.id, p.merchant_id, p.code, p.parent_id, p.closed_at IS NOT NULL, d.root, d.depth
FROM down d JOIN inventory_licenseplate p ON p.id = d.id
ORDER BY d.root, d.depth, p.code
