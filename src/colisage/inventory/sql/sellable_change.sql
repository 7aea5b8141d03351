-- By how much each node's sellable units of each SKU will change; movements already posted count nothing.
-- The rows of availability that exist are locked, in key order.
WITH m AS (
  SELECT r.* FROM jsonb_to_recordset(%s::jsonb) AS r(
    from_cell bigint, to_cell bigint, qty int, doc_kind text, doc_id bigint, doc_line bigint, seq int)
  WHERE NOT EXISTS (
    SELECT 1 FROM inventory_stockmovement old
    WHERE old.doc_kind = r.doc_kind AND old.doc_id = r.doc_id AND old.doc_line = r.doc_line AND old.seq = r.seq)
), change AS (
  SELECT c.merchant_id, c.sku_id, c.node_id, sum(x.delta)::int AS qty
  FROM (SELECT to_cell AS cell, qty AS delta FROM m UNION ALL SELECT from_cell, -qty FROM m) x
  JOIN inventory_stockcell c ON c.id = x.cell AND c.sellable
  GROUP BY c.merchant_id, c.sku_id, c.node_id HAVING sum(x.delta) <> 0
), locked AS (
  SELECT v.sku_id FROM inventory_availability v
  WHERE (v.sku_id, v.node_id) IN (SELECT sku_id, node_id FROM change)
  ORDER BY v.sku_id, v.node_id FOR NO KEY UPDATE
)
SELECT merchant_id, sku_id, node_id, qty FROM change, (SELECT count(*) FROM locked) AS all_locked ORDER BY sku_id, node_id
