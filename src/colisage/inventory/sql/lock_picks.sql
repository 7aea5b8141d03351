-- Before a pick: the promises of these open allocations, then their cells, each in key order, as everybody locks them.
WITH bound AS (
  SELECT reservation_id, cell_id FROM inventory_allocation WHERE id = ANY (%(ids)s) AND open
), promises AS MATERIALIZED (
  SELECT id FROM inventory_reservation WHERE id IN (SELECT reservation_id FROM bound) ORDER BY id FOR NO KEY UPDATE
), cells AS MATERIALIZED (
  SELECT id FROM inventory_stockcell
  WHERE (SELECT count(*) FROM promises) >= 0 AND id IN (SELECT cell_id FROM bound) ORDER BY id FOR NO KEY UPDATE
)
SELECT count(*) FROM cells
