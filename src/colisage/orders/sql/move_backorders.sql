-- What is owed is expected on another day, or for another reason.
UPDATE orders_backorder b
SET "on" = m."on", why = m.why, before = m.before, told_on = m.told_on, changed_at = now()
FROM jsonb_to_recordset(%s::jsonb) AS m(id bigint, "on" date, why text, before date, told_on date)
WHERE b.id = m.id
