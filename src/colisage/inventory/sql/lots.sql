-- What the database itself refuses of lots and serial numbers, whatever the code says. Fires after `movement_sum`, so
-- that availability and cells are locked and counted already; lots are locked last, in key order.
CREATE OR REPLACE FUNCTION colisage_movement_lots() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A unit of a SKU with serial numbers is in the house under its number only.
  IF EXISTS (
    SELECT 1 FROM moved m
    JOIN catalog_sku s ON s.id = m.sku_id AND s.tracks_serials
    JOIN inventory_stockcell a ON a.id = m.from_cell_id
    JOIN inventory_stockcell b ON b.id = m.to_cell_id AND b.kept
    LEFT JOIN inventory_lot l ON l.id = b.lot_id
    WHERE l.is_serial IS NOT TRUE AND NOT (a.kept AND a.lot_id IS NOT DISTINCT FROM b.lot_id)) THEN
    RAISE EXCEPTION 'serial_missing: a unit of this SKU comes with its serial number' USING ERRCODE = 'check_violation';
  END IF;

  IF NOT EXISTS (SELECT 1 FROM moved m JOIN inventory_stockcell c ON c.id = m.to_cell_id AND c.kept AND c.lot_id IS NOT NULL) THEN
    RETURN NULL;
  END IF;
  PERFORM 1 FROM inventory_lot l
  WHERE l.id IN (
    SELECT c.lot_id FROM moved m JOIN inventory_stockcell c ON c.id = m.to_cell_id AND c.kept
    JOIN inventory_lot x ON x.id = c.lot_id WHERE c.sellable OR x.is_serial)
  ORDER BY l.id FOR NO KEY UPDATE;

  -- Units of a lot that is held, recalled or expired never become sellable. A statement that begins after the lock
  -- sees what was decided while we waited for it.
  IF EXISTS (
    SELECT 1 FROM moved m JOIN inventory_stockcell c ON c.id = m.to_cell_id AND c.sellable
    JOIN inventory_lot l ON l.id = c.lot_id WHERE l.status <> 'approved') THEN
    RAISE EXCEPTION 'lot_is_held: units of this lot may not be sold' USING ERRCODE = 'check_violation';
  END IF;

  -- A serial number is one unit: it is on hand once.
  IF EXISTS (
    SELECT 1 FROM inventory_stockcell c JOIN inventory_lot l ON l.id = c.lot_id AND l.is_serial
    WHERE c.kept AND c.qty > 0 AND c.lot_id IN (
      SELECT t.lot_id FROM moved m JOIN inventory_stockcell t ON t.id = m.to_cell_id AND t.kept)
    GROUP BY c.lot_id HAVING sum(c.qty) > 1) THEN
    RAISE EXCEPTION 'serial_once: this serial number is on hand already' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER movement_sum_of_lots AFTER INSERT ON inventory_stockmovement
  REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION colisage_movement_lots();
