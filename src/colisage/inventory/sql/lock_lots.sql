-- The lots that movements bring into bins, and serial numbers wherever they come, in key order; what they may be used
-- for cannot change until the transaction ends. Availability is locked already.
SELECT l.id, l.status,
       array(SELECT t.place_id FROM unnest(%(lots)s::bigint[], %(places)s::bigint[]) AS t(lot_id, place_id)
             JOIN network_place p ON p.id = t.place_id AND p.kind = 'bin' WHERE t.lot_id = l.id) AS bins
FROM inventory_lot l
WHERE l.id = ANY (%(lots)s) AND (l.is_serial OR EXISTS (
  SELECT 1 FROM unnest(%(lots)s::bigint[], %(places)s::bigint[]) AS t(lot_id, place_id)
  JOIN network_place p ON p.id = t.place_id AND p.kind = 'bin' WHERE t.lot_id = l.id))
ORDER BY l.id
FOR NO KEY UPDATE OF l
