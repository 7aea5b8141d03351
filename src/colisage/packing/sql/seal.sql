-- Close open parcels with their weight; whoever comes second closes nothing.
UPDATE packing_parcel p
SET state = 'sealed', grams = s.grams, sealed_at = now(), sealed_by = %(by)s
FROM unnest(%(ids)s::bigint[], %(grams)s::int[]) AS s(id, grams)
WHERE p.id = s.id AND p.state = 'open'
RETURNING p.id
