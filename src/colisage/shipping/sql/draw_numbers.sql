-- Where ranges go on after numbers were drawn from them.
UPDATE shipping_numberrange r SET next = w.next
FROM jsonb_to_recordset(%s::jsonb) AS w(id bigint, next int)
WHERE r.id = w.id
