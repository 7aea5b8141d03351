-- Owed promises become held ones.
UPDATE inventory_reservation r SET state = 'held', node_id = s.node_id
FROM unnest(%s::bigint[], %s::bigint[]) AS s(id, node_id)
WHERE r.id = s.id AND r.state = 'waiting'
RETURNING r.merchant_id, r.owner_kind, r.owner_id, r.id, r.sku_id, r.node_id, r.qty
