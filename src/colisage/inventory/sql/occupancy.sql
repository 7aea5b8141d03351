-- Bins, with what lies in each: units, volume and weight as far as they are known, and whether a count freezes it.
-- `unmeasured` are units whose size or weight nobody has told.
SELECT p.id, p.code, p.x_mm, p.y_mm, p.level, p.volume_mm3, p.max_grams,
       coalesce(l.units, 0)::int, coalesce(l.skus, 0)::int, coalesce(l.volume_mm3, 0)::bigint, coalesce(l.grams, 0)::bigint,
       coalesce(l.unmeasured, 0)::int,
       EXISTS (SELECT 1 FROM inventory_counttask t WHERE t.place_id = p.id AND t.state = 'counting')
FROM network_place p
LEFT JOIN LATERAL (
  SELECT sum(c.qty) AS units, count(DISTINCT c.sku_id) AS skus,
         sum(c.qty::bigint * s.length_mm * s.width_mm * s.height_mm) AS volume_mm3, sum(c.qty::bigint * s.grams) AS grams,
         sum(CASE WHEN s.length_mm IS NULL OR s.width_mm IS NULL OR s.height_mm IS NULL OR s.grams IS NULL THEN c.qty ELSE 0 END)
           AS unmeasured
  FROM inventory_stockcell c JOIN catalog_sku s ON s.id = c.sku_id
  WHERE c.place_id = p.id AND c.qty > 0
) l ON true
WHERE p.id = ANY (%s::bigint[]) AND p.kind = 'bin' AND p.active
ORDER BY p.walk, p.id
