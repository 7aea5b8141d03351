-- The turns of what is owed to owners, where they differ; gives whose did, and the SKU. Availability is locked.
WITH asked AS (
  SELECT r.id, a.turn FROM unnest(%s::bigint[], %s::text[]) AS a(owner_id, turn)
  JOIN inventory_reservation r ON r.owner_kind = %s AND r.owner_id = a.owner_id AND r.state IN ('waiting', 'ahead') AND r.turn <> a.turn
  ORDER BY r.id FOR NO KEY UPDATE OF r
)
UPDATE inventory_reservation r SET turn = asked.turn FROM asked WHERE r.id = asked.id
RETURNING r.merchant_id, r.sku_id, r.owner_id
