-- The cells of these keys that do not exist yet, made in the order of their numbers, so that two who need the same new ones
-- wait for each other in one direction; node, kept and sellable are filled in by trigger.
INSERT INTO inventory_stockcell (merchant_id, sku_id, place_id, lot_id, plate_id, owner_id, condition, qty, allocated, kept, sellable)
SELECT merchant_id, sku_id, place_id, lot_id, plate_id, owner_id, condition, 0, 0, true, false
FROM jsonb_to_recordset(%s::jsonb) AS k(
  n int, merchant_id bigint, sku_id bigint, place_id bigint, lot_id bigint, plate_id bigint, owner_id bigint, condition text)
WHERE NOT EXISTS (
  SELECT 1 FROM inventory_stockcell c
  WHERE c.merchant_id = k.merchant_id AND c.sku_id = k.sku_id AND c.place_id = k.place_id
    AND c.lot_id IS NOT DISTINCT FROM k.lot_id AND c.plate_id IS NOT DISTINCT FROM k.plate_id
    AND c.owner_id IS NOT DISTINCT FROM k.owner_id AND c.condition = k.condition)
ORDER BY k.n
ON CONFLICT DO NOTHING
