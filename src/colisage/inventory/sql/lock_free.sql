-- What may still be promised of these SKUs, node by node; the rows stay locked until the transaction ends.
-- NO KEY: foreign-key checks of new lines take KEY SHARE on nothing here, and must not wait for us.
SELECT sku_id, node_id, CASE WHEN unreleased THEN 0 WHEN source = 'unlimited' THEN 1000000000 ELSE sellable - reserved - safety END AS free
FROM inventory_availability
WHERE sku_id = ANY (%s)
ORDER BY sku_id, node_id
FOR NO KEY UPDATE
