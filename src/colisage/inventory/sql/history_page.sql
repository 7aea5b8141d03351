-- The movements of a SKU, the latest first: the units each brought to the house (or to one node), where they came
-- from and went, and the lot. A move within the house brings nothing; so does one that is still under way.
SELECT m.id, m.recorded_at, m.occurred_at, m.reason, m.qty,
       m.qty * (coalesce(tp.kind <> 'transit' AND t.kept AND (%(node)s::bigint IS NULL OR t.node_id = %(node)s::bigint), t.kept)::int
              - coalesce(fp.kind <> 'transit' AND f.kept AND (%(node)s::bigint IS NULL OR f.node_id = %(node)s::bigint), f.kept)::int),
       coalesce(fp.code, ''), coalesce(fp.kind, ''), f.node_id, coalesce(tp.code, ''), coalesce(tp.kind, ''), t.node_id,
       coalesce(tl.code, fl.code, ''),
       f.condition, t.condition, m.actor_kind, m.actor_id, m.doc_kind, m.doc_id
FROM inventory_stockmovement m
JOIN inventory_stockcell f ON f.id = m.from_cell_id
JOIN inventory_stockcell t ON t.id = m.to_cell_id
LEFT JOIN network_place fp ON fp.id = f.place_id
LEFT JOIN network_place tp ON tp.id = t.place_id
LEFT JOIN inventory_lot fl ON fl.id = f.lot_id
LEFT JOIN inventory_lot tl ON tl.id = t.lot_id
WHERE m.sku_id = %(sku)s AND m.merchant_id = %(merchant)s AND (%(before)s::bigint IS NULL OR m.id < %(before)s::bigint)
  AND (%(reason)s = '' OR m.reason = %(reason)s)
  AND (%(place)s = '' OR %(place)s IN (fp.code, tp.code))
  AND (%(lot)s = '' OR %(lot)s IN (fl.code, tl.code))
  AND (%(node)s::bigint IS NULL OR %(node)s::bigint IN (f.node_id, t.node_id))
  AND (%(since)s::timestamptz IS NULL OR m.recorded_at >= %(since)s::timestamptz)
  AND (%(until)s::timestamptz IS NULL OR m.recorded_at < %(until)s::timestamptz)
ORDER BY m.id DESC LIMIT %(size)s
