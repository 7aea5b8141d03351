-- The standing walk of a node: its bins are numbered in the order given, and what keeps its number is not written.
UPDATE network_place p SET walk = t.n
FROM unnest(%(bins)s::bigint[]) WITH ORDINALITY t (id, n)
WHERE p.id = t.id AND p.node_id = %(node)s AND p.walk <> t.n
