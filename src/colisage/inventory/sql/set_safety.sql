-- The safety stock of SKUs at nodes; the rows are locked already, new ones are made. Gives those that changed.
INSERT INTO inventory_availability AS v (merchant_id, sku_id, node_id, source, sellable, reserved, safety, ahead_cap, ahead)
SELECT %(merchant)s, s.sku_id, s.node_id, 'ledger', 0, 0, s.units, 0, 0
FROM unnest(%(skus)s::bigint[], %(nodes)s::bigint[], %(units)s::int[]) AS s(sku_id, node_id, units)
ORDER BY s.sku_id, s.node_id
ON CONFLICT (sku_id, node_id) DO UPDATE SET safety = excluded.safety
WHERE v.safety <> excluded.safety AND v.merchant_id = excluded.merchant_id
RETURNING v.sku_id, v.node_id, v.safety
