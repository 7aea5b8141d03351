-- What is owed is expected on another day, or for another reason, or somebody was told of it now.
UPDATE orders_backorder b
SET "on" = m."on", why = m.why, before = m.before, told_on = m.told_on, told = m.told, changed_at = now()
FROM jsonb_to_recordset(%s::jsonb) AS m(id bigint, "on" date, why text, before date, told_on date, told boolean)
WHERE b.id = m.id
