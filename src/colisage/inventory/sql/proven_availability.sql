-- What nodes can promise of these SKUs, and what is proven: by cells where we keep the books, else as the partner said.
-- Columns: merchant, SKU, node, sellable, proven sellable, held, pre-ordered.
SELECT v.merchant_id, v.sku_id, v.node_id, v.sellable,
       CASE WHEN v.source = 'ledger' THEN coalesce((
         SELECT sum(c.qty) FROM inventory_stockcell c WHERE c.sku_id = v.sku_id AND c.node_id = v.node_id AND c.sellable), 0)::int
       ELSE v.sellable END,
       coalesce((SELECT sum(r.qty) FROM inventory_reservation r
                 WHERE r.sku_id = v.sku_id AND r.node_id = v.node_id AND r.state = 'held'), 0)::int,
       coalesce((SELECT sum(r.qty) FROM inventory_reservation r
                 WHERE r.sku_id = v.sku_id AND r.node_id = v.node_id AND r.state = 'ahead'), 0)::int,
       v.source = 'unlimited'
FROM inventory_availability v WHERE v.sku_id = ANY (%(skus)s) ORDER BY v.sku_id, v.node_id
