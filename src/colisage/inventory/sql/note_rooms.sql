-- Note the rooms of the bins that units came to or left since transaction `after`; of all bins when asked to, and when
-- another server numbered that transaction. Gives up to which transaction all movements are noted, the server, in how many
-- places units moved, and how many bins changed. Movements of transactions that still run may come later: the next look
-- begins at the oldest of these.
WITH moved AS MATERIALIZED (
  SELECT array(
    SELECT DISTINCT c.place_id FROM inventory_stockmovement m
    CROSS JOIN LATERAL (VALUES (m.from_cell_id), (m.to_cell_id)) x (cell)
    JOIN inventory_stockcell c ON c.id = x.cell
    WHERE m.xid >= %(after)s::xid8 AND c.kept) AS places
)
SELECT pg_snapshot_xmin(pg_current_snapshot())::text, s.system_identifier, cardinality(moved.places),
       colisage_note_rooms(CASE WHEN %(whole)s OR s.system_identifier <> %(system)s
                           THEN array(SELECT id FROM network_place WHERE kind = 'bin') ELSE moved.places END)
FROM moved CROSS JOIN pg_control_system() s
