-- What a proof covers, read again: cells to which the movements below its end bring something else today, and, as cell
-- 0, the movements themselves when they are not the same. Columns: what, key, found, proven, merchant, SKU, node.
WITH moved AS (
  SELECT cell, sum(delta)::bigint AS qty
  FROM (SELECT to_cell_id AS cell, qty AS delta FROM inventory_stockmovement WHERE xid < %(upto)s::xid8
        UNION ALL SELECT from_cell_id, -qty FROM inventory_stockmovement WHERE xid < %(upto)s::xid8) x
  GROUP BY cell
), sum AS (
  SELECT count(*) AS movements, coalesce(bit_xor(hash_record_extended((id, from_cell_id, to_cell_id, qty), 0)), 0) AS digest
  FROM inventory_stockmovement WHERE xid < %(upto)s::xid8
), found AS (
  SELECT coalesce(m.cell, p.cell_id) AS cell, coalesce(m.qty, 0) AS found, coalesce(p.qty, 0) AS proven
  FROM moved m FULL JOIN inventory_provencell p ON p.cell_id = m.cell WHERE coalesce(m.qty, 0) <> coalesce(p.qty, 0)
)
SELECT 'history' AS what, f.cell::text AS key, f.found, f.proven, c.merchant_id, c.sku_id, c.node_id
FROM found f LEFT JOIN inventory_stockcell c ON c.id = f.cell
UNION ALL
SELECT 'movements', 'all', s.movements, %(movements)s, NULL, NULL, NULL
FROM sum s WHERE s.movements <> %(movements)s OR s.digest <> %(digest)s
ORDER BY 1, 2
