-- What is kept back from a channel changed: what it may sell of these SKUs (all, without a list) counts as changed.
UPDATE inventory_availability SET safety = safety
WHERE merchant_id = %(merchant)s AND (%(skus)s::bigint[] IS NULL OR sku_id = ANY (%(skus)s::bigint[]))
