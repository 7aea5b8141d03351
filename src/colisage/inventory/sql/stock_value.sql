-- What lies at nodes, in units and in value at cost (at price where the cost is not known); by node and currency.
SELECT c.node_id, o.currency, sum(c.qty)::bigint, sum(c.qty * coalesce(nullif(s.cost_cents, 0), s.price_cents))::bigint
FROM inventory_stockcell c
JOIN people_merchant o ON o.id = c.merchant_id
JOIN catalog_sku s ON s.id = c.sku_id
WHERE c.node_id = ANY (%(nodes)s) AND c.merchant_id = ANY (%(merchants)s) AND c.qty > 0
GROUP BY 1, 2 ORDER BY 1, 2
