-- How much of the bins of nodes is taken by what lies there, whoever owns it.
SELECT t.place_id, t.mm3, t.grams, t.unknown, t.skus
FROM colisage_places_taken(array(SELECT p.id FROM network_place p WHERE p.node_id = ANY (%s) AND p.kind = 'bin')) t
