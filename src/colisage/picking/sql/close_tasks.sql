-- Close open tasks with the units that the ledger says were taken for them; the ledger, not the caller, is believed.
UPDATE picking_picktask t
SET picked = m.qty, state = CASE WHEN m.qty = t.quantity THEN 'done' ELSE 'short' END, done_at = now(), done_by = %(by)s
FROM (
  SELECT doc_id, sum(qty)::int AS qty FROM inventory_stockmovement
  WHERE doc_kind = 'pick_task' AND doc_id = ANY (%(ids)s) GROUP BY doc_id
) m
WHERE t.id = m.doc_id AND t.state = 'open'
