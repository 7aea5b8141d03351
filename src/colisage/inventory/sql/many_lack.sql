-- Whether many SKUs may lack something, anywhere or at a node; it counts no further than that.
SELECT count(*) = %(many)s FROM (
  SELECT 1 FROM inventory_lacking
  WHERE merchant_id = ANY (%(merchants)s::bigint[]) AND node_id = coalesce(%(node)s::bigint, 0) LIMIT %(many)s) l
