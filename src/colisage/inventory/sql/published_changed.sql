-- The SKUs of each merchant of which what may be promised was changed by transactions that an earlier snapshot had not
-- seen (all, without one), bundles with their components; and the snapshot of this statement, from which to ask next.
-- Numbers of transactions that another server gave, before a restore, are not seen by any snapshot here: left out.
WITH mark AS (
  SELECT CASE WHEN pg_snapshot_xmax(%(seen)s::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot()) THEN %(seen)s::pg_snapshot END AS seen
), changed AS (
  SELECT v.merchant_id, v.sku_id FROM inventory_availability v
  WHERE (SELECT seen FROM mark) IS NULL
     OR v.changed >= (SELECT pg_snapshot_xmin(seen)::text::bigint FROM mark)
        AND NOT pg_visible_in_snapshot(v.changed::text::xid8, (SELECT seen FROM mark))
        AND pg_visible_in_snapshot(v.changed::text::xid8, pg_current_snapshot())
), told AS (
  SELECT merchant_id, sku_id FROM changed
  UNION
  SELECT c.merchant_id, k.parent_id FROM changed c
  JOIN catalog_component k ON k.sku_id = c.sku_id
  JOIN catalog_sku b ON b.id = k.parent_id AND b.kind = 'bundle'
)
SELECT pg_current_snapshot()::text, m.merchant_id, m.skus
FROM (SELECT 1) one
LEFT JOIN (SELECT merchant_id, array_agg(sku_id ORDER BY sku_id) AS skus FROM told GROUP BY merchant_id) m ON true
ORDER BY m.merchant_id
