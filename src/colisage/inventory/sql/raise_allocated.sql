-- Bind more units of each cell; the cells are locked already.
UPDATE inventory_stockcell c SET allocated = c.allocated + d.qty
FROM (SELECT cell, sum(qty)::int AS qty FROM unnest(%s::bigint[], %s::int[]) AS u(cell, qty) GROUP BY cell) d
WHERE c.id = d.cell
