-- The floor of a node, cut into stretches that are drawn at once, each in a row written here and nowhere else.

-- Cut the floors of nodes anew: each zone by itself, a large one every 250 bays along the walk (more are not told apart, and
-- would make a page heavy), a floor of no more than that not at all. What stands in one spot is one bay, and is never cut.
CREATE FUNCTION colisage_cut_floors(nodes bigint[]) RETURNS void LANGUAGE sql VOLATILE AS $$
  WITH bay AS (
    SELECT node_id, CASE WHEN count(*) OVER (PARTITION BY node_id) > 250 THEN zone_id END AS zone_id,
           x_mm, y_mm, min(walk) AS walk, min(code) AS code, string_agg(id::text, ',' ORDER BY id) AS places
    FROM network_place
    WHERE node_id = ANY (nodes) AND kind = 'bin' AND active
    GROUP BY node_id, network_place.zone_id, x_mm, y_mm
  ), placed AS (
    SELECT *, row_number() OVER (PARTITION BY node_id, zone_id ORDER BY walk, x_mm, y_mm, code) AS place FROM bay
  ), cut AS MATERIALIZED (
    SELECT node_id, zone_id, ((place - 1) / 250)::int AS number, min(walk) AS walk,
           (array_agg(code ORDER BY place))[1] AS first, (array_agg(code ORDER BY place DESC))[1] AS last,
           string_to_array(string_agg(places, ',' ORDER BY place), ',')::bigint[] AS places
    FROM placed GROUP BY 1, 2, 3
  ), gone AS (
    DELETE FROM network_stretch s
    WHERE s.node_id = ANY (nodes)
      AND NOT EXISTS (SELECT 1 FROM cut c WHERE c.node_id = s.node_id AND c.number = s.number
                      AND c.zone_id IS NOT DISTINCT FROM s.zone_id)
  )
  INSERT INTO network_stretch AS s (node_id, zone_id, number, walk, first, last, places)
  SELECT node_id, zone_id, number, walk, first, last, places FROM cut ORDER BY node_id, zone_id, number
  ON CONFLICT (node_id, zone_id, number) DO UPDATE
    SET walk = excluded.walk, first = excluded.first, last = excluded.last, places = excluded.places
    WHERE (s.walk, s.first, s.last, s.places) IS DISTINCT FROM (excluded.walk, excluded.first, excluded.last, excluded.places)
$$;

-- Bins are made and moved seldom, and by those who run the node: its floor is cut at once. Of two who change one floor the
-- second waits, and then sees what the first did.
CREATE FUNCTION colisage_floor_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE nodes bigint[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    nodes := array(SELECT DISTINCT node_id FROM made WHERE kind = 'bin' AND active);
  ELSIF TG_OP = 'DELETE' THEN
    nodes := array(SELECT DISTINCT node_id FROM gone WHERE kind = 'bin' AND active);
  ELSE
    nodes := array(
      SELECT DISTINCT x.node_id FROM made m JOIN gone g USING (id)
      CROSS JOIN LATERAL (VALUES (m.node_id, m.kind, m.active), (g.node_id, g.kind, g.active)) x (node_id, kind, active)
      WHERE x.kind = 'bin' AND x.active
        AND (m.node_id, m.zone_id, m.kind, m.active, m.code, m.walk, m.x_mm, m.y_mm)
            IS DISTINCT FROM (g.node_id, g.zone_id, g.kind, g.active, g.code, g.walk, g.x_mm, g.y_mm));
  END IF;
  IF nodes <> '{}' THEN
    PERFORM 1 FROM network_node WHERE id = ANY (nodes) ORDER BY id FOR NO KEY UPDATE;
    PERFORM colisage_cut_floors(nodes);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER floor_made AFTER INSERT ON network_place
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION colisage_floor_changed();
CREATE TRIGGER floor_changed AFTER UPDATE ON network_place
  REFERENCING NEW TABLE AS made OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION colisage_floor_changed();
CREATE TRIGGER floor_gone AFTER DELETE ON network_place
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION colisage_floor_changed();
