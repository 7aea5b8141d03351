-- Compare-and-set of the stage, in key order; a held one stays when it is blocked.
WITH old AS (
  SELECT id, stage FROM orders_fulfillmentorder
  WHERE id = ANY (%(ids)s) AND stage = ANY (%(before)s) AND NOT (held AND %(blocked)s)
  ORDER BY id FOR NO KEY UPDATE
)
UPDATE orders_fulfillmentorder f SET stage = %(after)s, stage_at = now()
FROM old WHERE f.id = old.id
RETURNING f.id, f.merchant_id, f.order_id, f.node_id, old.stage
