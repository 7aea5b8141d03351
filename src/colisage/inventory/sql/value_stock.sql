-- Value what lies at each node for each merchant, in units and in value at cost (at price where the cost is not known).
WITH there AS (
  SELECT c.merchant_id, c.node_id, sum(c.qty)::bigint AS units,
         sum(c.qty * coalesce(nullif(s.cost_cents, 0), s.price_cents))::bigint AS cents
  FROM inventory_stockcell c JOIN catalog_sku s ON s.id = c.sku_id
  WHERE c.node_id IS NOT NULL AND c.qty > 0
  GROUP BY 1, 2
), gone AS (
  UPDATE inventory_stockvalue v SET units = 0, cents = 0, at = now()
  WHERE NOT EXISTS (SELECT 1 FROM there t WHERE t.merchant_id = v.merchant_id AND t.node_id = v.node_id)
)
INSERT INTO inventory_stockvalue AS v (merchant_id, node_id, units, cents, at)
SELECT merchant_id, node_id, units, cents, now() FROM there ORDER BY 1, 2
ON CONFLICT (merchant_id, node_id) DO UPDATE SET units = excluded.units, cents = excluded.cents, at = excluded.at
