-- Bring the proven balances of cells up to the oldest transaction that still runs: no movement of an older one can come
-- any more. From `after` on; with 0 from the beginning, forgetting what was proven. Gives the end, the server, how many
-- movements were added with their digest, and how many cells changed.
WITH ending AS (
  SELECT pg_snapshot_xmin(pg_current_snapshot()) AS upto
), covered AS MATERIALIZED (
  SELECT m.id, m.from_cell_id, m.to_cell_id, m.qty FROM inventory_stockmovement m
  WHERE m.xid >= %(after)s::xid8 AND m.xid < pg_snapshot_xmin(pg_current_snapshot())
), moved AS (
  SELECT cell, sum(delta)::bigint AS qty
  FROM (SELECT to_cell_id AS cell, qty AS delta FROM covered UNION ALL SELECT from_cell_id, -qty FROM covered) x
  GROUP BY cell
), kept AS (
  INSERT INTO inventory_provencell AS p (cell_id, qty) SELECT cell, qty FROM moved
  ON CONFLICT (cell_id) DO UPDATE SET qty = p.qty + EXCLUDED.qty WHERE EXCLUDED.qty <> 0
  RETURNING 1
)
SELECT (SELECT upto::text FROM ending), (SELECT system_identifier FROM pg_control_system()), count(*),
       coalesce(bit_xor(hash_record_extended((id, from_cell_id, to_cell_id, qty), 0)), 0), (SELECT count(*) FROM kept)
FROM covered
