-- A bin that is being counted is frozen: nothing moves into it or out of it. Asked after the cells of a movement are locked
-- (this trigger's name comes after `movement_sum`), and a count begins by locking the cells of its bin: one waits for the other.
CREATE OR REPLACE FUNCTION colisage_bin_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE counted bigint;
BEGIN
  SELECT t.place_id INTO counted
  FROM moved m JOIN inventory_stockcell c ON c.id IN (m.from_cell_id, m.to_cell_id)
  JOIN inventory_counttask t ON t.place_id = c.place_id AND t.state = 'counting'
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'bin_is_counted %', counted USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER movement_unfrozen AFTER INSERT ON inventory_stockmovement
  REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION colisage_bin_is_counted();
