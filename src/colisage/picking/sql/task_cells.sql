-- The cells that open tasks take from, while their allocations are open: what lies there and how.
-- The caller has locked the availability of the SKUs: nobody else can change an allocation of theirs.
SELECT t.id, c.id, c.merchant_id, c.sku_id, c.place_id, c.lot_id, c.plate_id, c.owner_id, c.condition,
       c.qty - c.allocated AS free
FROM picking_picktask t
JOIN inventory_allocation a ON a.id = t.allocation_id AND a.open
JOIN inventory_stockcell c ON c.id = a.cell_id
WHERE t.id = ANY (%s) AND t.state = 'open'
ORDER BY t.id
