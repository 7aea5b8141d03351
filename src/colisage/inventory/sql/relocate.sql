-- Promises that were moved: what is left of each, and the node at which it is held now (null: it stays as it is).
-- They are locked already.
UPDATE inventory_reservation r
SET qty = m.qty, node_id = coalesce(m.node_id, r.node_id), state = CASE WHEN m.node_id IS NULL THEN r.state ELSE 'held' END
FROM unnest(%s::bigint[], %s::int[], %s::bigint[]) AS m(id, qty, node_id)
WHERE r.id = m.id
