-- Give orders other tags, many at once.
UPDATE orders_order o SET tags = t.tags
FROM jsonb_to_recordset(%s::jsonb) AS t(id bigint, tags jsonb)
WHERE o.id = t.id
