-- The guard of cells lets one thing more through than a movement: the truth. A quantity may be set to what the
-- movements of the cell prove, and node, kept and sellable to what its place proves; nothing else, whoever asks.
CREATE OR REPLACE FUNCTION colisage_cell_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.qty IS DISTINCT FROM OLD.qty AND pg_trigger_depth() < 2 AND NEW.qty IS DISTINCT FROM (
       SELECT CASE WHEN NEW.kept THEN
         coalesce((SELECT sum(m.qty) FROM inventory_stockmovement m WHERE m.to_cell_id = NEW.id), 0)
         - coalesce((SELECT sum(m.qty) FROM inventory_stockmovement m WHERE m.from_cell_id = NEW.id), 0)
       ELSE 0 END) THEN
    RAISE EXCEPTION 'the quantity of a cell changes by movement only' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.merchant_id, NEW.sku_id, NEW.place_id, NEW.lot_id, NEW.plate_id, NEW.owner_id, NEW.condition)
     IS DISTINCT FROM
     (OLD.merchant_id, OLD.sku_id, OLD.place_id, OLD.lot_id, OLD.plate_id, OLD.owner_id, OLD.condition) THEN
    RAISE EXCEPTION 'the key of a cell does not change' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.node_id, NEW.kept, NEW.sellable) IS DISTINCT FROM (OLD.node_id, OLD.kept, OLD.sellable)
     AND NOT EXISTS (
       SELECT 1 FROM network_place p WHERE p.id = NEW.place_id
         AND (NEW.node_id, NEW.kept, NEW.sellable) IS NOT DISTINCT FROM
             (p.node_id, p.node_id IS NOT NULL, p.kind = 'bin' AND NEW.condition = 'sellable')) THEN
    RAISE EXCEPTION 'the key of a cell does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-- Proofs are for those who keep the books: no merchant reads or writes them.
REVOKE ALL ON inventory_stockproof, inventory_provencell FROM colisage_web;
