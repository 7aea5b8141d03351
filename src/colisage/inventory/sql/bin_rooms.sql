-- Bins are chosen from their kinds: what kind each is stands in a row of its own, written here and nowhere else. Nothing
-- is written where units move, so that nobody waits for a bin that others pick from: `note_rooms` follows the movements.

-- The size of a room: how often it can be quartered; 99 without a limit.
CREATE OR REPLACE FUNCTION colisage_room_size(free bigint) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN free IS NULL THEN 99 WHEN free <= 0 THEN 0 ELSE (length(ltrim(free::bit(64)::text, '0')) + 1) / 2 END::smallint
$$;

-- Note the rooms of places as they are now; give how many changed. As the owner of the tables: a bin is
-- full of the goods of all merchants, of which the web role sees some.
CREATE OR REPLACE FUNCTION colisage_note_rooms(places bigint[]) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM inventory_binroom r
  WHERE r.place_id = ANY (places)
    AND NOT EXISTS (SELECT 1 FROM network_place p WHERE p.id = r.place_id AND p.kind = 'bin' AND p.active);
  WITH noted AS (
    INSERT INTO inventory_binroom AS r (place_id, operator_id, node_id, storage, cross_dock, skus, mm3_size, grams_size,
                                        free_mm3, free_grams, distance_mm, walk)
    SELECT p.id, n.operator_id, p.node_id, coalesce(o.code, z.code, 'ambient'), p.cross_dock, coalesce(t.skus, 0),
           colisage_room_size(f.mm3), colisage_room_size(f.grams), f.mm3, f.grams,
           round(sqrt(p.x_mm::float8 * p.x_mm + p.y_mm::float8 * p.y_mm))::int, p.walk
    FROM network_place p
    JOIN network_node n ON n.id = p.node_id
    LEFT JOIN network_storagetype o ON o.id = p.storage_id
    LEFT JOIN network_zone q ON q.id = p.zone_id
    LEFT JOIN network_storagetype z ON z.id = q.storage_id
    LEFT JOIN colisage_places_taken(places) t ON t.place_id = p.id
    CROSS JOIN LATERAL (
      SELECT greatest(p.volume_mm3 - coalesce(t.mm3, 0), CASE WHEN p.volume_mm3 IS NOT NULL THEN 0 END) AS mm3,
             greatest(p.max_grams - coalesce(t.grams, 0), CASE WHEN p.max_grams IS NOT NULL THEN 0 END) AS grams) f
    WHERE p.kind = 'bin' AND p.active AND p.id = ANY (places)
    ORDER BY p.id
    ON CONFLICT (place_id) DO UPDATE SET
      operator_id = excluded.operator_id, node_id = excluded.node_id, storage = excluded.storage,
      cross_dock = excluded.cross_dock, skus = excluded.skus, mm3_size = excluded.mm3_size, grams_size = excluded.grams_size,
      free_mm3 = excluded.free_mm3, free_grams = excluded.free_grams, distance_mm = excluded.distance_mm, walk = excluded.walk
    WHERE r IS DISTINCT FROM excluded
    RETURNING 1
  )
  SELECT count(*) FROM noted
$$;

-- The bins of nodes that units of anybody came to or left since the rooms were noted: of the last thousand movements, when
-- there were more. Which bins, never whose units.
CREATE OR REPLACE FUNCTION colisage_bins_touched(nodes bigint[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT c.place_id
  FROM (SELECT from_cell_id, to_cell_id FROM inventory_stockmovement
        WHERE xid >= coalesce((SELECT upto FROM inventory_roommark WHERE id = 1), '0'::xid8)
        ORDER BY xid DESC LIMIT 1000) m
  CROSS JOIN LATERAL (VALUES (m.from_cell_id), (m.to_cell_id)) x (cell)
  JOIN inventory_stockcell c ON c.id = x.cell
  WHERE c.node_id = ANY (nodes)
$$;

-- Bins are made, moved, limited and given to zones seldom, and by those who run the node: their rows follow at once.
CREATE OR REPLACE FUNCTION colisage_place_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM colisage_note_rooms(array(SELECT id FROM made WHERE kind = 'bin'));
  RETURN NULL;
END $$;
CREATE TRIGGER place_room_made AFTER INSERT ON network_place
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION colisage_place_room();
CREATE TRIGGER place_room_changed AFTER UPDATE ON network_place
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION colisage_place_room();
CREATE OR REPLACE FUNCTION colisage_zone_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM colisage_note_rooms(array(SELECT p.id FROM network_place p JOIN made z ON z.id = p.zone_id WHERE p.kind = 'bin'));
  RETURN NULL;
END $$;
CREATE TRIGGER zone_room_changed AFTER UPDATE ON network_zone
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION colisage_zone_room();
-- How far the notes go is the worker's business.
REVOKE ALL ON inventory_roommark FROM colisage_web;
