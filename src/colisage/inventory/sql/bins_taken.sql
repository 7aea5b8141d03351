-- How much of the bins of nodes, or of some of them, is taken by what lies there, whoever owns it.
SELECT t.place_id, t.mm3, t.grams, t.unknown, t.skus
FROM colisage_places_taken(array(SELECT p.id FROM network_place p WHERE p.node_id = ANY (%s) AND p.kind = 'bin' AND (%s::bigint[] IS NULL OR p.id = ANY (%s::bigint[])))) t
