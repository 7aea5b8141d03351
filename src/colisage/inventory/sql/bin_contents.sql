-- What lies in places that one may see: how much of them is taken, by whatever it is (as `room_taken` says), and the lots of
-- each of some SKUs; a row for each of these that lies there, and one where none does.
SELECT t.place_id, t.mm3, t.grams, t.unknown, t.skus, c.sku_id, array_agg(DISTINCT c.lot_id)
FROM colisage_places_taken(array(SELECT p.id FROM network_place p WHERE p.id = ANY (%(places)s::bigint[]))) t
LEFT JOIN inventory_stockcell c ON c.place_id = t.place_id AND c.sku_id = ANY (%(skus)s::bigint[]) AND c.qty > 0
GROUP BY 1, 2, 3, 4, 5, 6
