-- What lies at nodes, in units and in value at cost (at price where the cost is not known); by node and currency. As it was
-- valued last; of a merchant who was never valued, as it is now (the condition is asked once: others' cells are not read).
WITH fresh AS MATERIALIZED (
  SELECT m.id FROM unnest(%(merchants)s::bigint[]) AS m(id)
  WHERE NOT EXISTS (SELECT 1 FROM inventory_stockvalue v WHERE v.merchant_id = m.id)
)
SELECT v.node_id, o.currency, v.units, v.cents
FROM inventory_stockvalue v
JOIN people_merchant o ON o.id = v.merchant_id
WHERE v.node_id = ANY (%(nodes)s) AND v.merchant_id = ANY (%(merchants)s)
UNION ALL
SELECT c.node_id, o.currency, sum(c.qty)::bigint, sum(c.qty * coalesce(nullif(s.cost_cents, 0), s.price_cents))::bigint
FROM inventory_stockcell c
JOIN people_merchant o ON o.id = c.merchant_id
JOIN catalog_sku s ON s.id = c.sku_id
WHERE (SELECT count(*) FROM fresh) > 0 AND c.merchant_id IN (SELECT id FROM fresh) AND c.node_id = ANY (%(nodes)s) AND c.qty > 0
GROUP BY 1, 2
ORDER BY 1, 2
