-- Those of places that are active bins of nodes, along the walk, with what they are made for: a bin without a storage type
-- of its own has its zone's.
SELECT p.id, p.node_id, p.code, p.walk, p.x_mm, p.y_mm, p.volume_mm3, p.max_grams, p.cross_dock,
       coalesce(o.code, y.code, 'ambient')
FROM network_place p
LEFT JOIN network_storagetype o ON o.id = p.storage_id
LEFT JOIN network_zone z ON z.id = p.zone_id
LEFT JOIN network_storagetype y ON y.id = z.storage_id
WHERE p.id = ANY (%(places)s::bigint[]) AND p.node_id = ANY (%(nodes)s::bigint[]) AND p.kind = 'bin' AND p.active
ORDER BY p.walk, p.id
