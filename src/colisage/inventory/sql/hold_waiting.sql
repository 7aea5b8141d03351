-- Owed promises become held ones; gives what each was before. They are locked already.
UPDATE inventory_reservation r SET state = 'held', node_id = s.node_id
FROM unnest(%s::bigint[], %s::bigint[]) AS s(id, node_id) JOIN inventory_reservation old USING (id)
WHERE r.id = s.id AND r.state IN ('waiting', 'ahead')
RETURNING r.merchant_id, r.owner_kind, r.owner_id, r.id, r.sku_id, r.node_id, r.qty, old.state = 'ahead'
