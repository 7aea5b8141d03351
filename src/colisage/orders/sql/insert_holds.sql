-- The holds that the checks found.
INSERT INTO orders_hold (merchant_id, order_id, kind, reason, released_by)
SELECT merchant_id, order_id, kind, reason, ''
FROM jsonb_to_recordset(%s::jsonb) AS h(merchant_id bigint, order_id bigint, kind text, reason text)
