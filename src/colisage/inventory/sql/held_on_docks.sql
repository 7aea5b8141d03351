-- Units that lie on the docks of nodes on no plate and cannot be sold, by node, SKU, lot and owner.
SELECT c.node_id, c.sku_id, c.lot_id, c.owner_id, sum(c.qty)::int
FROM inventory_stockcell c JOIN network_place p ON p.id = c.place_id
WHERE c.sku_id = ANY (%(skus)s::bigint[]) AND c.node_id = ANY (%(nodes)s::bigint[]) AND c.merchant_id = ANY (%(merchants)s::bigint[])
  AND p.kind = 'dock' AND c.plate_id IS NULL AND c.kept AND c.qty > 0 AND c.condition <> 'sellable'
GROUP BY 1, 2, 3, 4
