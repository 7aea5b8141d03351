-- The books keep themselves: a movement moves its two cells and what their node can promise, and nothing else does.

-- Node, kept and sellable follow from a cell's key.
CREATE OR REPLACE FUNCTION colisage_cell_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT p.node_id, p.node_id IS NOT NULL, p.kind = 'bin' AND NEW.condition = 'sellable'
    INTO NEW.node_id, NEW.kept, NEW.sellable
    FROM network_place p WHERE p.id = NEW.place_id;
  IF NEW.qty <> 0 OR NEW.allocated <> 0 THEN
    RAISE EXCEPTION 'a cell begins empty: units come by movement' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cell_key BEFORE INSERT ON inventory_stockcell FOR EACH ROW EXECUTE FUNCTION colisage_cell_key();

-- The quantity and the key of a cell are out of reach; only the movement trigger (one level up) changes quantities. One
-- thing more comes through than a movement: the truth. A quantity may be set to what the movements of the cell prove,
-- and node, kept and sellable to what its place proves; nothing else, whoever asks.
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
CREATE TRIGGER cell_guard BEFORE UPDATE OF qty, merchant_id, sku_id, place_id, lot_id, plate_id, owner_id, condition, node_id, kept, sellable
  ON inventory_stockcell FOR EACH ROW EXECUTE FUNCTION colisage_cell_guard();

-- Movements are written once and never changed.
CREATE OR REPLACE FUNCTION colisage_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER movement_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON inventory_stockmovement
  FOR EACH STATEMENT EXECUTE FUNCTION colisage_append_only();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR TRUNCATE ON kit_auditentry
  FOR EACH STATEMENT EXECUTE FUNCTION colisage_append_only();

-- The sum: all movements of one statement at once, locks in key order (availability stands before cells everywhere). What
-- can be promised changes only where units come into bins or leave them: most movements, from the bench on, touch none.
CREATE OR REPLACE FUNCTION colisage_movement_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  merchants bigint[]; skus bigint[]; nodes bigint[]; deltas int[];
BEGIN
  IF EXISTS (
    SELECT 1 FROM moved m JOIN inventory_stockcell a ON a.id = m.from_cell_id JOIN inventory_stockcell b ON b.id = m.to_cell_id
    WHERE (a.merchant_id, a.sku_id) IS DISTINCT FROM (m.merchant_id, m.sku_id)
       OR (b.merchant_id, b.sku_id) IS DISTINCT FROM (m.merchant_id, m.sku_id)
       OR NOT (a.kept OR b.kept)) THEN
    RAISE EXCEPTION 'a movement keeps its merchant and SKU, and touches a real place' USING ERRCODE = 'check_violation';
  END IF;

  SELECT array_agg(p.merchant_id), array_agg(p.sku_id), array_agg(p.node_id), array_agg(p.delta)
    INTO merchants, skus, nodes, deltas
    FROM (
      SELECT c.merchant_id, c.sku_id, c.node_id, sum(x.delta)::int AS delta
      FROM (SELECT to_cell_id AS cell, qty AS delta FROM moved UNION ALL SELECT from_cell_id, -qty FROM moved) x
      JOIN inventory_stockcell c ON c.id = x.cell
      WHERE c.sellable
      GROUP BY c.merchant_id, c.sku_id, c.node_id
      ORDER BY c.sku_id, c.node_id) p;

  IF skus IS NOT NULL THEN
    INSERT INTO inventory_availability (merchant_id, sku_id, node_id, source, sellable, reserved, safety, ahead_cap, ahead)
    SELECT p.merchant_id, p.sku_id, p.node_id, 'ledger', 0, 0, 0, 0, 0
    FROM unnest(merchants, skus, nodes) AS p(merchant_id, sku_id, node_id)
    WHERE NOT EXISTS (SELECT FROM inventory_availability v WHERE v.sku_id = p.sku_id AND v.node_id = p.node_id)
    ON CONFLICT DO NOTHING;

    PERFORM 1 FROM inventory_availability v
    WHERE (v.sku_id, v.node_id) IN (SELECT p.sku_id, p.node_id FROM unnest(skus, nodes) AS p(sku_id, node_id))
    ORDER BY v.sku_id, v.node_id FOR NO KEY UPDATE;

    UPDATE inventory_availability v SET sellable = v.sellable + p.delta
    FROM unnest(skus, nodes, deltas) AS p(sku_id, node_id, delta)
    WHERE v.sku_id = p.sku_id AND v.node_id = p.node_id AND v.source = 'ledger' AND p.delta <> 0;
  END IF;

  PERFORM 1 FROM inventory_stockcell c
  WHERE c.id IN (SELECT from_cell_id FROM moved UNION SELECT to_cell_id FROM moved) AND c.kept
  ORDER BY c.id FOR NO KEY UPDATE;

  UPDATE inventory_stockcell c
  SET qty = c.qty + d.delta, first_in_at = CASE WHEN c.qty = 0 THEN d.at ELSE c.first_in_at END
  FROM (
    SELECT x.cell, sum(x.delta)::int AS delta, min(x.at) AS at
    FROM (SELECT to_cell_id AS cell, qty AS delta, occurred_at AS at FROM moved
          UNION ALL SELECT from_cell_id, -qty, occurred_at FROM moved) x
    GROUP BY x.cell HAVING sum(x.delta) <> 0) d
  WHERE c.id = d.cell AND c.kept;
  RETURN NULL;
END $$;
CREATE TRIGGER movement_sum AFTER INSERT ON inventory_stockmovement
  REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION colisage_movement_sum();

-- Hot rows: room on the page, so that an update of a quantity stays on it.
ALTER TABLE inventory_availability SET (fillfactor = 70);
ALTER TABLE inventory_stockcell SET (fillfactor = 80);
-- Few cells hold units that are not to be sold. The planner would take them for half of all, for there are as many cells outside
-- the house, which hold none and sell none; unless it knows that both go together.
CREATE STATISTICS cells_standing (mcv) ON sellable, qty FROM inventory_stockcell;
CREATE INDEX movements_by_time ON inventory_stockmovement USING brin (recorded_at);
-- Movements are of the merchant whose goods they are; the ledger is protected from the application's own roles as well.
REVOKE UPDATE, DELETE, TRUNCATE ON inventory_stockmovement FROM colisage_web, colisage_worker;
-- The audit only shrinks when a worker erases what the law wants erased.
REVOKE UPDATE, DELETE, TRUNCATE ON kit_auditentry FROM colisage_web;
-- Proofs are for those who keep the books: no merchant reads or writes them.
REVOKE ALL ON inventory_stockproof, inventory_provencell FROM colisage_web;
