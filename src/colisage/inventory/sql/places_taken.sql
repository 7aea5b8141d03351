-- What lies in places, whoever owns it: volume and weight as far as sizes and weights are known, units whose size is not,
-- and how many SKUs. A bin of a node that works for several merchants is full of all their goods together, and the web
-- role sees those of some: so it asks as the owner of the tables, and learns sums, never whose goods or which they are.
CREATE OR REPLACE FUNCTION colisage_places_taken(places bigint[])
RETURNS TABLE (place_id bigint, mm3 bigint, grams bigint, unknown bigint, skus bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.place_id,
         coalesce(sum(c.qty::bigint * s.length_mm * s.width_mm * s.height_mm), 0)::bigint,
         coalesce(sum(c.qty::bigint * s.grams), 0)::bigint,
         coalesce(sum(c.qty) FILTER (WHERE s.length_mm IS NULL OR s.width_mm IS NULL OR s.height_mm IS NULL OR s.grams IS NULL), 0)::bigint,
         count(DISTINCT c.sku_id)
  FROM inventory_stockcell c JOIN catalog_sku s ON s.id = c.sku_id
  WHERE c.place_id = ANY (places) AND c.kept AND c.qty > 0
  GROUP BY c.place_id
$$;
