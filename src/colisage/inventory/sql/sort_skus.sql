-- Sort the SKUs of each merchant by how often they were picked since a moment: A make four fifths of the picks, B the
-- next fifteen of a hundred. The others have no row.
WITH picked AS (
  SELECT merchant_id, sku_id, count(*) AS picks
  FROM inventory_stockmovement WHERE reason = 'pick' AND recorded_at >= %(since)s
  GROUP BY 1, 2
), ranked AS (
  SELECT merchant_id, sku_id, sum(picks) OVER (PARTITION BY merchant_id ORDER BY picks DESC, sku_id) - picks AS before,
         sum(picks) OVER (PARTITION BY merchant_id) AS total
  FROM picked
), sorted AS (
  SELECT merchant_id, sku_id, CASE WHEN before * 100 < total * 80 THEN 'A' ELSE 'B' END AS speed
  FROM ranked WHERE before * 100 < total * 95
), slowed AS (
  DELETE FROM inventory_skuspeed s WHERE NOT EXISTS (SELECT 1 FROM sorted f WHERE f.sku_id = s.sku_id)
)
INSERT INTO inventory_skuspeed AS s (sku_id, merchant_id, speed)
SELECT sku_id, merchant_id, speed FROM sorted ORDER BY sku_id
ON CONFLICT (sku_id) DO UPDATE SET speed = excluded.speed WHERE s.speed <> excluded.speed
