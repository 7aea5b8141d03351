-- What documents of movements are known by outside: orders (all that go in a parcel), purchase order, return, parcel
-- (fulfilment order, number).
SELECT d.kind, d.id,
       ARRAY(SELECT o.number FROM orders_fulfillmentorder m JOIN orders_order o ON o.id = m.order_id
             WHERE m.id = f.id OR m.together = f.together ORDER BY m.id),
       NULL::text, NULL::text, p.fulfillment_order_id, p.number
FROM jsonb_to_recordset(%(documents)s) AS d (kind text, id bigint)
JOIN packing_parcel p ON d.kind IN ('parcel', 'parcel_out', 'parcel_undone') AND p.id = d.id
JOIN orders_fulfillmentorder f ON f.id = p.fulfillment_order_id
UNION ALL
SELECT d.kind, d.id, ARRAY[o.number]::text[], NULL, NULL, NULL, NULL
FROM jsonb_to_recordset(%(documents)s) AS d (kind text, id bigint)
JOIN picking_picktask t ON d.kind = 'pick_task' AND t.id = d.id
JOIN orders_fulfillmentorder f ON f.id = t.fulfillment_order_id
JOIN orders_order o ON o.id = f.order_id
UNION ALL
SELECT d.kind, d.id, '{}', b.number, NULL, NULL, NULL
FROM jsonb_to_recordset(%(documents)s) AS d (kind text, id bigint)
JOIN inbound_receipt r ON d.kind IN ('receipt', 'putaway') AND r.id = d.id
JOIN inbound_purchaseorder b ON b.id = r.purchase_order_id
UNION ALL
SELECT d.kind, d.id, ARRAY[o.number]::text[], NULL, 'R' || lpad(q.id::text, 6, '0'), NULL, NULL
FROM jsonb_to_recordset(%(documents)s) AS d (kind text, id bigint)
JOIN returns_returnrequest q ON d.kind IN ('return', 'inspection') AND q.id = d.id
JOIN orders_order o ON o.id = q.order_id
