-- Places that somebody is about to fill: the next one who would looks after this transaction ended. Availability is
-- locked already, lots and cells are not.
SELECT id FROM network_place WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE
