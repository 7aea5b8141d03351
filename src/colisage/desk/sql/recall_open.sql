-- Orders that units of lots are bound to, picked for or packed for, and that have not left: units in each of these.
WITH inside AS (SELECT id FROM inventory_stockcell WHERE lot_id = ANY (%(lots)s) AND kept),
bound AS (
    SELECT line.order_id, a.qty AS bound, 0 AS bench, 0 AS packed
    FROM inside
    JOIN inventory_allocation a ON a.cell_id = inside.id AND a.open
    JOIN inventory_reservation r ON r.id = a.reservation_id AND r.owner_kind = 'order_line'
    JOIN orders_orderline line ON line.id = r.owner_id
  UNION ALL  -- inserts
    SELECT f.order_id, a.qty, 0, 0
    FROM inside
    JOIN inventory_allocation a ON a.cell_id = inside.id AND a.open
    JOIN inventory_reservation r ON r.id = a.reservation_id AND r.owner_kind = 'insert'
    JOIN orders_fulfillmentline line ON line.id = r.owner_id
    JOIN orders_fulfillmentorder f ON f.id = line.fulfillment_order_id
),
picked AS (
    SELECT f.id, f.order_id, m.qty AS bench, 0 AS packed
    FROM inside
    JOIN inventory_stockmovement m ON m.from_cell_id = inside.id AND m.doc_kind = 'pick_task' AND m.reason = 'pick'
    JOIN picking_picktask t ON t.id = m.doc_id
    JOIN orders_fulfillmentorder f ON f.id = t.fulfillment_order_id
    WHERE f.stage IN ('released', 'picking', 'picked')
  UNION ALL
    SELECT f.id, f.order_id, -m.qty, m.qty
    FROM inside
    JOIN inventory_stockmovement m ON m.from_cell_id = inside.id AND m.doc_kind = 'parcel' AND m.reason = 'seal'
    JOIN packing_parcel p ON p.id = m.doc_id
    LEFT JOIN packing_parcelline pl ON pl.id = m.doc_line
    LEFT JOIN orders_fulfillmentline fl ON fl.id = pl.fulfillment_line_id
    JOIN orders_fulfillmentorder f ON f.id = CASE WHEN fl.id IS NULL THEN p.fulfillment_order_id ELSE fl.fulfillment_order_id END
    WHERE f.stage NOT IN ('handed_over', 'delivered', 'cancelled')
      AND NOT EXISTS (SELECT 1 FROM inventory_stockmovement o WHERE o.doc_kind = 'parcel_out' AND o.doc_id = m.doc_id)
),
found AS (
    SELECT order_id, bound, bench, packed FROM bound
  UNION ALL
    SELECT order_id, 0, greatest(sum(bench), 0), sum(packed) FROM picked GROUP BY id, order_id
)
SELECT o.id, o.number, o.customer_name, sum(found.bound)::bigint, sum(found.bench)::bigint, sum(found.packed)::bigint,
       EXISTS (SELECT 1 FROM orders_hold h WHERE h.merchant_id = o.merchant_id AND h.order_id = o.id
               AND h.released_at IS NULL AND h.reason = ANY (%(reasons)s)) AS held
FROM found
JOIN orders_order o ON o.id = found.order_id
GROUP BY o.id
HAVING sum(found.bound) + sum(found.bench) + sum(found.packed) > 0
ORDER BY o.id
