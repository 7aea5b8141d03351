-- Whoever asks what changed since must miss nothing: each row carries the transaction that changed what it promises.
-- A statement that says so itself is believed (migration 0009).
-- A reader keeps the oldest transaction that was running when it read, and asks for what is as young as that.
CREATE OR REPLACE FUNCTION colisage_availability_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END $$;
CREATE TRIGGER availability_made BEFORE INSERT ON inventory_availability
  FOR EACH ROW EXECUTE FUNCTION colisage_availability_changed();
CREATE TRIGGER availability_changed BEFORE UPDATE OF source, sellable, reserved, safety, ahead_cap, ahead, unreleased ON inventory_availability
  FOR EACH ROW EXECUTE FUNCTION colisage_availability_changed();
