-- The latest proof that can be built on: it is of this server, and its transactions are over here too.
SELECT upto::text, movements, digest FROM inventory_stockproof
WHERE id = (SELECT max(id) FROM inventory_stockproof)
  AND system = (SELECT system_identifier FROM pg_control_system()) AND upto <= pg_snapshot_xmin(pg_current_snapshot())
