-- The kinds of bins at nodes, each with how many bins are of it, counted to a limit. Kind after kind is found from the
-- index, without a look at the bins between. Bins that units moved in since they were noted are not counted.
WITH RECURSIVE touched AS MATERIALIZED (
  SELECT r.place_id FROM colisage_bins_touched(%(nodes)s::bigint[]) AS t (id) JOIN inventory_binroom r ON r.place_id = t.id
), kind AS (
  SELECT n.id AS node_id, k.*
  FROM unnest(%(nodes)s::bigint[]) AS n (id)
  CROSS JOIN LATERAL (
    SELECT storage, cross_dock, skus, mm3_size, grams_size FROM inventory_binroom r WHERE r.node_id = n.id
    ORDER BY storage, cross_dock, skus, mm3_size, grams_size LIMIT 1
  ) k
  UNION ALL
  SELECT k.node_id, x.*
  FROM kind k
  CROSS JOIN LATERAL (
    SELECT storage, cross_dock, skus, mm3_size, grams_size FROM inventory_binroom r
    WHERE r.node_id = k.node_id
      AND (r.storage, r.cross_dock, r.skus, r.mm3_size, r.grams_size) > (k.storage, k.cross_dock, k.skus, k.mm3_size, k.grams_size)
    ORDER BY storage, cross_dock, skus, mm3_size, grams_size LIMIT 1
  ) x
)
SELECT k.node_id, k.storage, k.cross_dock, k.skus, k.mm3_size, k.grams_size,
       (SELECT count(*) FROM (
          SELECT 1 FROM inventory_binroom r
          WHERE r.node_id = k.node_id AND r.storage = k.storage AND r.cross_dock = k.cross_dock AND r.skus = k.skus
            AND r.mm3_size = k.mm3_size AND r.grams_size = k.grams_size
            AND r.place_id NOT IN (SELECT place_id FROM touched)
          LIMIT %(most)s) c)
FROM kind k
LIMIT %(kinds)s
