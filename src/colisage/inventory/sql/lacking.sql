-- SKUs of which nothing may be free, for lists: whoever may lack something has a row, and not every row's SKU lacks
-- something (0040). Rows are only written here, so that nobody waits for another: `tidy_lacking` takes those away that are wrong.

-- Nothing is free any more at a node, or units came of which none are. The SKU is kept from being renamed meanwhile: its
-- code is copied.
CREATE OR REPLACE FUNCTION colisage_node_lacks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v inventory_availability := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  INSERT INTO inventory_lacking (merchant_id, node_id, sku_id, code_key)
  SELECT v.merchant_id, n.id, v.sku_id, s.code_key
  FROM (SELECT k.code_key FROM catalog_sku k WHERE k.id = v.sku_id FOR KEY SHARE) s, (VALUES (0), (v.node_id)) n(id);
  RETURN NULL;
END $$;
CREATE TRIGGER availability_lacks AFTER UPDATE ON inventory_availability FOR EACH ROW
  WHEN (NOT NEW.gives AND (OLD.gives OR OLD.sellable <= 0 AND NEW.sellable > 0)) EXECUTE FUNCTION colisage_node_lacks();
CREATE TRIGGER availability_lacks_at_first AFTER INSERT ON inventory_availability FOR EACH ROW
  WHEN (NOT NEW.gives) EXECUTE FUNCTION colisage_node_lacks();
CREATE TRIGGER availability_gone AFTER DELETE ON inventory_availability FOR EACH ROW
  WHEN (OLD.gives) EXECUTE FUNCTION colisage_node_lacks();

-- SKUs that are new, or are listed otherwise than before.
CREATE OR REPLACE FUNCTION colisage_skus_lack() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO inventory_lacking (merchant_id, node_id, sku_id, code_key)
    SELECT n.merchant_id, 0, n.id, n.code_key FROM named n WHERE n.active AND n.kind <> 'bundle';
  ELSE
    WITH changed AS (
      SELECT n.merchant_id, n.id, n.code_key FROM named n JOIN once o ON o.id = n.id
      WHERE n.kind <> 'bundle' AND (n.code_key, n.kind, n.active) IS DISTINCT FROM (o.code_key, o.kind, o.active)
    )
    INSERT INTO inventory_lacking (merchant_id, node_id, sku_id, code_key)
    SELECT c.merchant_id, 0, c.id, c.code_key FROM changed c
    UNION ALL
    SELECT c.merchant_id, v.node_id, c.id, c.code_key
    FROM changed c JOIN inventory_availability v ON v.sku_id = c.id AND NOT v.gives;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER sku_lacks_at_first AFTER INSERT ON catalog_sku
  REFERENCING NEW TABLE AS named FOR EACH STATEMENT EXECUTE FUNCTION colisage_skus_lack();
CREATE TRIGGER sku_lacks AFTER UPDATE ON catalog_sku
  REFERENCING OLD TABLE AS once NEW TABLE AS named FOR EACH STATEMENT EXECUTE FUNCTION colisage_skus_lack();
