-- Compare-and-set of the stage of parts that go in one parcel, in key order: those with one number move all or none.
WITH old AS (
  SELECT id, stage, held, coalesce(together, -id) AS parcel FROM orders_fulfillmentorder
  WHERE id = ANY (%(ids)s)
  ORDER BY id FOR NO KEY UPDATE
), whole AS (
  SELECT parcel FROM old GROUP BY parcel HAVING bool_and(stage = ANY (%(before)s) AND NOT (held AND %(blocked)s))
)
UPDATE orders_fulfillmentorder f SET stage = %(after)s, stage_at = now()
FROM old JOIN whole USING (parcel) WHERE f.id = old.id
RETURNING f.id, f.merchant_id, f.order_id, f.node_id, old.stage
