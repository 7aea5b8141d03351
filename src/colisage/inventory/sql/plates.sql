-- What the database itself refuses of licence plates: units of one tree in two places, units on a closed plate, a plate
-- that would stand on itself.
CREATE OR REPLACE FUNCTION colisage_movement_plates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM moved m JOIN inventory_stockcell c ON c.id = m.to_cell_id AND c.kept AND c.plate_id IS NOT NULL) THEN
    RETURN NULL;
  END IF;
  -- The roots of the trees, in key order. Twice: what was nested while we waited for a lock is seen only by a statement
  -- that begins after it.
  FOR turn IN 1..2 LOOP
    PERFORM 1 FROM inventory_licenseplate p
    WHERE p.id IN (
      WITH RECURSIVE up AS (
        SELECT p.id, p.parent_id FROM moved m JOIN inventory_stockcell c ON c.id = m.to_cell_id AND c.kept
        JOIN inventory_licenseplate p ON p.id = c.plate_id
        UNION SELECT p.id, p.parent_id FROM up JOIN inventory_licenseplate p ON p.id = up.parent_id
      ) SELECT id FROM up WHERE parent_id IS NULL)
    ORDER BY p.id FOR NO KEY UPDATE;
  END LOOP;
  IF EXISTS (
    SELECT 1 FROM moved m JOIN inventory_stockcell c ON c.id = m.to_cell_id AND c.kept
    JOIN inventory_licenseplate p ON p.id = c.plate_id AND p.closed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'plate_is_closed: nothing is put on a closed plate' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    WITH RECURSIVE up AS (
      SELECT p.id, p.parent_id FROM moved m JOIN inventory_stockcell c ON c.id = m.to_cell_id AND c.kept
      JOIN inventory_licenseplate p ON p.id = c.plate_id
      UNION SELECT p.id, p.parent_id FROM up JOIN inventory_licenseplate p ON p.id = up.parent_id
    ), down AS (
      SELECT id, id AS root FROM up WHERE parent_id IS NULL
      UNION SELECT p.id, d.root FROM down d JOIN inventory_licenseplate p ON p.parent_id = d.id
    )
    SELECT 1 FROM down d JOIN inventory_stockcell c ON c.plate_id = d.id AND c.kept AND c.qty > 0
    GROUP BY d.root HAVING count(DISTINCT c.place_id) > 1) THEN
    RAISE EXCEPTION 'plate_in_one_place: what is on a plate, and on the plates on it, is in one place'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER movement_sum_of_plates AFTER INSERT ON inventory_stockmovement
  REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION colisage_movement_plates();

CREATE OR REPLACE FUNCTION colisage_plate_tree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.parent_id IS NOT NULL AND EXISTS (
    WITH RECURSIVE up AS (
      SELECT p.id, p.parent_id FROM inventory_licenseplate p WHERE p.id = NEW.parent_id
      UNION SELECT p.id, p.parent_id FROM up JOIN inventory_licenseplate p ON p.id = up.parent_id
    ) SELECT 1 FROM up WHERE id = NEW.id) THEN
    RAISE EXCEPTION 'plate_on_itself: a plate does not stand on itself' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER plate_tree BEFORE INSERT OR UPDATE OF parent_id ON inventory_licenseplate
  FOR EACH ROW EXECUTE FUNCTION colisage_plate_tree();
