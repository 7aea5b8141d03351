-- By how much each node's sellable units of each SKU will change; movements already posted count nothing.
-- Availability is locked already: what another transaction posted while we waited for the lock is seen only by a
-- statement that begins after it.
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
)
SELECT merchant_id, sku_id, node_id, qty FROM change ORDER BY sku_id, node_id
