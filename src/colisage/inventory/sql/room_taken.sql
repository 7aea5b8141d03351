-- How much of places is taken by what lies there: volume and weight, as far as sizes and weights are known.
SELECT c.place_id,
       coalesce(sum(c.qty::bigint * s.length_mm * s.width_mm * s.height_mm), 0)::bigint,
       coalesce(sum(c.qty::bigint * s.grams), 0)::bigint
FROM inventory_stockcell c JOIN catalog_sku s ON s.id = c.sku_id
WHERE c.place_id = ANY (%s) AND c.kept AND c.qty > 0
GROUP BY c.place_id
