-- Set what nodes can promise; the rows are locked already, and what is written was proven a moment ago.
UPDATE inventory_availability v
SET sellable = t.sellable, reserved = t.reserved, ahead = t.ahead, ahead_cap = greatest(v.ahead_cap, t.ahead)
FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::int[], %s::int[]) AS t(sku_id, node_id, sellable, reserved, ahead)
WHERE v.sku_id = t.sku_id AND v.node_id = t.node_id
  AND (v.sellable, v.reserved, v.ahead) IS DISTINCT FROM (t.sellable, t.reserved, t.ahead)
