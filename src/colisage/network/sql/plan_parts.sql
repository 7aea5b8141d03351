-- A node's floor in parts that can be drawn: each zone by itself, and a large one in stretches of so many bays along the
-- walk; with the bins of each. What stands in one spot is one bay, and is never cut.
SELECT coalesce(b.zone_id, 0), b.part, coalesce(z.code, ''), (array_agg(b.code ORDER BY b.walk, b.code))[1],
       (array_agg(b.code ORDER BY b.walk DESC, b.code DESC))[1], string_agg(b.ids, ','), count(*)
FROM (
  SELECT zone_id, min(walk) AS walk, min(code) AS code, string_agg(id::text, ',') AS ids,
         (row_number() OVER (PARTITION BY zone_id ORDER BY min(walk), x_mm, y_mm) - 1) / %(bays)s AS part
  FROM network_place
  WHERE node_id = %(node)s AND kind = 'bin' AND active
  GROUP BY zone_id, x_mm, y_mm
) b
LEFT JOIN network_zone z ON z.id = b.zone_id
GROUP BY 1, 2, 3
ORDER BY min(b.walk), 1, 2
