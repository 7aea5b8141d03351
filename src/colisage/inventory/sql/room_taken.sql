-- How much of places that one may see is taken by what lies there: volume and weight, as far as they are known,
-- units of unknown size, and SKUs.
SELECT t.place_id, t.mm3, t.grams, t.unknown, t.skus
FROM colisage_places_taken(array(SELECT p.id FROM network_place p WHERE p.id = ANY (%s))) t
