-- The movements; one that is there already is left out, and so is its effect (the trigger sees only new rows).
INSERT INTO inventory_stockmovement
  (merchant_id, sku_id, from_cell_id, to_cell_id, qty, reason, actor_kind, actor_id, doc_kind, doc_id, doc_line, seq, occurred_at)
SELECT merchant_id, sku_id, from_cell, to_cell, qty, reason, actor_kind, actor_id, doc_kind, doc_id, doc_line, seq, occurred_at
FROM jsonb_to_recordset(%s::jsonb) AS m(
  merchant_id bigint, sku_id bigint, from_cell bigint, to_cell bigint, qty int, reason text, actor_kind text,
  actor_id bigint, doc_kind text, doc_id bigint, doc_line bigint, seq int, occurred_at timestamptz)
ON CONFLICT (doc_kind, doc_id, doc_line, seq) DO NOTHING
