-- A shipment in the words of the shop of one of its orders (several may go in one parcel): the order's reference, the carrier, when it left, whether nothing of the order is
-- left to send, its lines with their units (of a bundle the complete sets), its good labels with the carrier's page.
WITH s AS (
  SELECT s.id, s.fulfillment_order_id, c.name AS carrier, c.tracking_url, m.closed_at
  FROM shipping_shipment s
  LEFT JOIN carriers_carrier c ON c.id = s.carrier_id
  LEFT JOIN shipping_manifest m ON m.id = s.manifest_id
  WHERE s.id = %(shipment)s
), inside AS (
  SELECT m.id FROM s
  JOIN orders_fulfillmentorder h ON h.id = s.fulfillment_order_id
  JOIN orders_fulfillmentorder m ON m.order_id = %(order)s AND (m.id = h.id OR m.together = h.together)
), sent AS (
  SELECT l.id, l.position, l.external_ref,
         CASE WHEN l.recipe IS NULL THEN sum(f.units)
              ELSE min(f.units / (SELECT greatest((part ->> 1)::int, 1) FROM jsonb_array_elements(l.recipe) part
                                  WHERE (part ->> 0)::bigint = f.sku_id)) END AS units
  FROM (SELECT x.order_line_id, x.sku_id, sum(x.quantity)::int AS units
        FROM orders_fulfillmentline x JOIN inside ON inside.id = x.fulfillment_order_id GROUP BY 1, 2) f
  JOIN orders_orderline l ON l.id = f.order_line_id
  GROUP BY l.id
)
SELECT o.external_ref, coalesce(s.carrier, ''), coalesce(s.closed_at, now()),
       NOT EXISTS (SELECT 1 FROM orders_fulfillmentorder f
                   WHERE f.order_id = o.id AND f.stage NOT IN ('handed_over', 'delivered', 'cancelled')),
       coalesce((SELECT jsonb_agg(jsonb_build_array(sent.external_ref, sent.units) ORDER BY sent.position)
                 FROM sent WHERE sent.units IS NOT NULL), '[]'),
       coalesce((SELECT jsonb_agg(jsonb_build_array(b.tracking_number, CASE WHEN b.specimen OR s.tracking_url IS NULL THEN ''
                   ELSE replace(s.tracking_url, '{number}', b.tracking_number) END) ORDER BY b.id)
                 FROM shipping_label b WHERE b.shipment_id = s.id AND b.state = 'good'), '[]')
FROM s JOIN orders_order o ON o.id = %(order)s
