-- A bin that is being counted is frozen: nothing moves into it or out of it. Asked after the cells of a movement are locked
-- (this trigger's name comes after `movement_sum`), and a count begins by locking the cells of its bin: one waits for the other.
-- Units of a lot may turn there to what its status says: they stay where they are, and who counts them sees no difference.
CREATE OR REPLACE FUNCTION colisage_bin_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE counted bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM inventory_counttask WHERE state = 'counting') THEN
    RETURN NULL;
  END IF;
  WITH touched AS MATERIALIZED (  -- few or none: what they are is asked of these alone
    SELECT t.place_id, m.from_cell_id, m.to_cell_id
    FROM inventory_counttask t
    JOIN inventory_stockcell c ON c.place_id = t.place_id AND c.kept
    JOIN moved m ON c.id IN (m.from_cell_id, m.to_cell_id)
    WHERE t.state = 'counting')
  SELECT t.place_id INTO counted
  FROM touched t
  WHERE NOT EXISTS (
    SELECT 1 FROM inventory_stockcell a JOIN inventory_stockcell b ON b.id = t.to_cell_id
    JOIN inventory_lot l ON l.id = b.lot_id
    WHERE a.id = t.from_cell_id AND a.condition IN ('sellable', 'held', 'expired')
      AND b.condition = CASE l.status WHEN 'approved' THEN 'sellable' WHEN 'expired' THEN 'expired' ELSE 'held' END
      AND (a.place_id, a.lot_id, a.plate_id, a.owner_id) IS NOT DISTINCT FROM (b.place_id, b.lot_id, b.plate_id, b.owner_id))
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'bin_is_counted %', counted USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER movement_unfrozen AFTER INSERT ON inventory_stockmovement
  REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION colisage_bin_is_counted();
