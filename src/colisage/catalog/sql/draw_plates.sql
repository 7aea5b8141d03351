-- Numbers of internal plates: one sequence for all, so that no two plates ever have the same.
SELECT nextval('catalog_plate') FROM generate_series(1, %s)
