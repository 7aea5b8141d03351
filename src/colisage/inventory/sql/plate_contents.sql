-- What stands on plates, with all that stands on those within them: by the outermost of the plates asked for.
WITH RECURSIVE tree(top, id) AS (
  SELECT p.id, p.id FROM inventory_licenseplate p WHERE p.id = ANY (%s) AND p.merchant_id = ANY (%s)
  UNION
  SELECT t.top, p.id FROM tree t JOIN inventory_licenseplate p ON p.parent_id = t.id
)
SELECT t.top, s.id, s.code, s.name, l.code, l.expires_on, sum(c.qty)::int
FROM tree t
JOIN inventory_stockcell c ON c.plate_id = t.id AND c.qty > 0
JOIN catalog_sku s ON s.id = c.sku_id
LEFT JOIN inventory_lot l ON l.id = c.lot_id
GROUP BY t.top, s.id, l.id
ORDER BY t.top, s.code, l.code
