-- Sellable units of a SKU in each bin of a node that has any, the fullest first.
SELECT c.place_id, sum(c.qty)::int AS qty, sum(c.qty - c.allocated)::int AS free
FROM inventory_stockcell c
WHERE c.merchant_id = %s AND c.sku_id = %s AND c.node_id = %s AND c.sellable AND c.qty > 0
GROUP BY c.place_id
ORDER BY 3 DESC, 1
