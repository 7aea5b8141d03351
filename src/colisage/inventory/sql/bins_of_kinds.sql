-- The first bins of kinds, by the way that is asked for, that have so much room; beside them those that hold SKUs (of a SKU
-- so many, those with a lot that is asked for first, then those with room along the walk), and all that units moved in
-- since they were noted. Of a kind so many bins are read and no more, however few of them have the room.
WITH touched AS MATERIALIZED (
  SELECT r.place_id FROM colisage_bins_touched(%(nodes)s::bigint[]) AS t (id) JOIN inventory_binroom r ON r.place_id = t.id
)
SELECT f.place_id
FROM unnest(%(node)s::bigint[], %(storage)s::text[], %(cross_dock)s::bool[], %(skus)s::int[], %(mm3_size)s::smallint[],
            %(grams_size)s::smallint[], %(way)s::int[], %(mm3)s::bigint[], %(grams)s::bigint[], %(most)s::int[])
     AS a (node_id, storage, cross_dock, skus, mm3_size, grams_size, way, mm3, grams, most)
CROSS JOIN LATERAL (
  (SELECT b.place_id FROM (
      SELECT r.place_id, r.free_mm3, r.free_grams FROM inventory_binroom r
      WHERE a.way = 1 AND r.node_id = a.node_id AND r.storage = a.storage AND r.cross_dock = a.cross_dock AND r.skus = a.skus
        AND r.mm3_size = a.mm3_size AND r.grams_size = a.grams_size
      ORDER BY r.distance_mm, r.walk, r.place_id LIMIT %(deep)s) b
    WHERE coalesce(b.free_mm3 >= a.mm3, true) AND coalesce(b.free_grams >= a.grams, true)
      AND b.place_id NOT IN (SELECT place_id FROM touched)
    LIMIT a.most)
  UNION ALL
  (SELECT b.place_id FROM (
      SELECT r.place_id, r.free_mm3, r.free_grams FROM inventory_binroom r
      WHERE a.way = -1 AND r.node_id = a.node_id AND r.storage = a.storage AND r.cross_dock = a.cross_dock AND r.skus = a.skus
        AND r.mm3_size = a.mm3_size AND r.grams_size = a.grams_size
      ORDER BY r.distance_mm DESC, r.walk, r.place_id LIMIT %(deep)s) b
    WHERE coalesce(b.free_mm3 >= a.mm3, true) AND coalesce(b.free_grams >= a.grams, true)
      AND b.place_id NOT IN (SELECT place_id FROM touched)
    LIMIT a.most)
  UNION ALL
  (SELECT b.place_id FROM (
      SELECT r.place_id, r.free_mm3, r.free_grams FROM inventory_binroom r
      WHERE a.way = 0 AND r.node_id = a.node_id AND r.storage = a.storage AND r.cross_dock = a.cross_dock AND r.skus = a.skus
        AND r.mm3_size = a.mm3_size AND r.grams_size = a.grams_size
      ORDER BY r.walk, r.place_id LIMIT %(deep)s) b
    WHERE coalesce(b.free_mm3 >= a.mm3, true) AND coalesce(b.free_grams >= a.grams, true)
      AND b.place_id NOT IN (SELECT place_id FROM touched)
    LIMIT a.most)
) f
UNION
SELECT h.place_id
FROM unnest(%(held)s::bigint[]) AS s (id)
CROSS JOIN LATERAL (
  SELECT c.place_id
  FROM inventory_stockcell c JOIN inventory_binroom r ON r.place_id = c.place_id
  WHERE c.sku_id = s.id AND c.node_id = ANY (%(nodes)s::bigint[]) AND c.qty > 0
  GROUP BY c.place_id, r.mm3_size, r.grams_size, r.walk
  ORDER BY bool_or(c.lot_id = ANY (%(lots)s::bigint[])) DESC NULLS LAST, least(r.mm3_size, r.grams_size, 1) DESC, r.walk, c.place_id
  LIMIT %(beside)s
) h
UNION
SELECT place_id FROM touched
