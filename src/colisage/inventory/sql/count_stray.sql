-- Note units whose code nobody knows: added to what was noted before, or in its place.
INSERT INTO inventory_countstray (operator_id, round_id, code, qty) VALUES (%(operator)s, %(round)s, %(code)s, %(units)s)
ON CONFLICT (round_id, code) DO UPDATE
SET qty = CASE WHEN %(add)s THEN inventory_countstray.qty + excluded.qty ELSE excluded.qty END
RETURNING qty
