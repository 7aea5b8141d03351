-- The cell of each key, by the key's number in the list.
SELECT k.n, c.id
FROM jsonb_to_recordset(%s::jsonb) AS k(
  n int, merchant_id bigint, sku_id bigint, place_id bigint, lot_id bigint, plate_id bigint, owner_id bigint, condition text)
JOIN inventory_stockcell c
  ON c.merchant_id = k.merchant_id AND c.sku_id = k.sku_id AND c.place_id = k.place_id
 AND c.lot_id IS NOT DISTINCT FROM k.lot_id AND c.plate_id IS NOT DISTINCT FROM k.plate_id
 AND c.owner_id IS NOT DISTINCT FROM k.owner_id AND c.condition = k.condition
