-- The words of the names of SKUs, as people look for them: without accents, in small letters, each once. Whatever writes a name,
-- the database itself keeps its words.
CREATE OR REPLACE FUNCTION colisage_words(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT left(word, 60) COLLATE "C"), '{}')
  FROM regexp_split_to_table(
    -- Letters that have no other beneath their mark are written as two; then marks go, and all that is neither letter nor digit divides.
    lower(regexp_replace(normalize(replace(replace(replace(replace(replace(replace(replace($1,
      'œ', 'oe'), 'Œ', 'oe'), 'æ', 'ae'), 'Æ', 'ae'), 'ß', 'ss'), 'ø', 'o'), 'Ø', 'o'), NFKD), '[\u0300-\u036f]', '', 'g')),
    '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u206f\u3000-\u3003]+') word
  WHERE word <> ''
$$;

CREATE OR REPLACE FUNCTION colisage_sku_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM catalog_skuword w USING named n JOIN once o ON o.id = n.id
    WHERE w.sku_id = n.id AND n.name <> o.name AND w.word <> ALL (colisage_words(n.name));
    INSERT INTO catalog_skuword (merchant_id, sku_id, word)
    SELECT n.merchant_id, n.id, unnest(colisage_words(n.name)) FROM named n JOIN once o ON o.id = n.id WHERE n.name <> o.name
    ON CONFLICT DO NOTHING;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO catalog_skuword (merchant_id, sku_id, word)
    SELECT n.merchant_id, n.id, unnest(colisage_words(n.name)) FROM named n;
  ELSE
    DELETE FROM catalog_skuword w USING once o WHERE w.sku_id = o.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER sku_words_made AFTER INSERT ON catalog_sku
  REFERENCING NEW TABLE AS named FOR EACH STATEMENT EXECUTE FUNCTION colisage_sku_words();
CREATE TRIGGER sku_words_changed AFTER UPDATE ON catalog_sku
  REFERENCING OLD TABLE AS once NEW TABLE AS named FOR EACH STATEMENT EXECUTE FUNCTION colisage_sku_words();
CREATE TRIGGER sku_words_gone AFTER DELETE ON catalog_sku
  REFERENCING OLD TABLE AS once FOR EACH STATEMENT EXECUTE FUNCTION colisage_sku_words();

INSERT INTO catalog_skuword (merchant_id, sku_id, word) SELECT merchant_id, id, unnest(colisage_words(name)) FROM catalog_sku;
