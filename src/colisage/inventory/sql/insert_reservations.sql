-- The promises themselves, many at once.
INSERT INTO inventory_reservation (merchant_id, owner_kind, owner_id, sku_id, node_id, qty, state, priority, buffer, expires_at)
SELECT merchant_id, owner_kind, owner_id, sku_id, node_id, qty, state, priority, buffer, expires_at
FROM jsonb_to_recordset(%s::jsonb) AS r(
  merchant_id bigint, owner_kind text, owner_id bigint, sku_id bigint, node_id bigint, qty int, state text, priority smallint,
  buffer int, expires_at timestamptz)
