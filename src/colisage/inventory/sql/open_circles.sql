-- Plates that stand on each other in a circle stand on none any more; what stands on them stays where it is.
WITH RECURSIVE up AS (
  SELECT id AS plate, parent_id AS above, ARRAY[id] AS way FROM inventory_licenseplate WHERE parent_id IS NOT NULL
  UNION ALL
  SELECT u.plate, p.parent_id, u.way || p.id FROM up u JOIN inventory_licenseplate p ON p.id = u.above
  WHERE p.parent_id IS NOT NULL AND NOT p.id = ANY (u.way)
)
UPDATE inventory_licenseplate SET parent_id = NULL WHERE id IN (SELECT plate FROM up WHERE above = plate)
RETURNING id, merchant_id
