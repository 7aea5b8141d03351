-- Note units of one sort in a round: added to what was noted before, or in its place. Gives what is noted now.
INSERT INTO inventory_countline (operator_id, merchant_id, round_id, sku_id, lot_id, condition, qty)
VALUES (%(operator)s, %(merchant)s, %(round)s, %(sku)s, %(lot)s, %(condition)s, %(units)s)
ON CONFLICT (round_id, sku_id, lot_id, condition) DO UPDATE
SET qty = CASE WHEN %(add)s THEN inventory_countline.qty + excluded.qty ELSE excluded.qty END
RETURNING qty
