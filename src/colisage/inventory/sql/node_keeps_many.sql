-- Whether a node keeps many SKUs; it counts no further than that.
SELECT count(*) = %(many)s FROM (SELECT 1 FROM inventory_availability WHERE node_id = %(node)s LIMIT %(many)s) v
