-- The orders these references belong to already.
SELECT o.id, o.channel_id, o.external_ref, o.fingerprint
FROM unnest(%s::bigint[], %s::text[]) AS r(channel_id, external_ref)
JOIN orders_order o ON o.channel_id = r.channel_id AND o.external_ref = r.external_ref
