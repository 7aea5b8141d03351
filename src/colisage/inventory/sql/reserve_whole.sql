-- Hold units for demands, in their order, when each finds everything at its first node: one statement reads, locks,
-- decides and writes. When one does not, nothing is written. Answers with rows of (what, id, node, number): `whole`
-- (number is 1 or 0); the first `node` of merchants whose demands name none; and, when nothing was written, what is
-- `free` of each SKU at each node, and how much `room` its pre-orders have. Before its release nothing of a SKU is free. Whoever expects to find
-- everything says so: if it is not there, the transaction is undone. The rows of availability stay locked, in key order, until the transaction ends.
WITH first AS MATERIALIZED (
  SELECT DISTINCT ON (s.merchant_id) s.merchant_id, s.node_id
  FROM network_nodeservice s JOIN network_node n ON n.id = s.node_id AND n.active
  WHERE s.merchant_id = ANY (%s::bigint[])
  ORDER BY s.merchant_id, s.rank, s.node_id
), asked AS MATERIALIZED (
  SELECT a.n, a.i, a.merchant_id, a.owner_kind, a.owner_id, a.sku_id, coalesce(a.node_id, f.node_id) AS node_id, a.qty,
         coalesce(a.priority, 0::smallint) AS priority, coalesce(b.units, a.buffer, 0) AS buffer, a.expires_at,
         sum(a.qty) OVER (PARTITION BY a.sku_id, coalesce(a.node_id, f.node_id) ORDER BY a.n) AS until
  FROM json_to_recordset(%s::json) AS a(
    n int, i int, merchant_id bigint, owner_kind text, owner_id bigint, sku_id bigint, node_id bigint, qty int,
    priority smallint, buffer int, channel_id bigint, expires_at timestamptz)
  LEFT JOIN inventory_channelbuffer b ON b.channel_id = a.channel_id AND b.sku_id = a.sku_id
  LEFT JOIN first f ON f.merchant_id = a.merchant_id
), locked AS MATERIALIZED (
  SELECT sku_id, node_id, ahead_cap - ahead AS room,
         CASE WHEN unreleased THEN 0 WHEN source = 'unlimited' THEN 1000000000 ELSE sellable - reserved - safety END AS free
  FROM inventory_availability
  WHERE sku_id = ANY (ARRAY(SELECT sku_id FROM asked))
  ORDER BY sku_id, node_id
  FOR NO KEY UPDATE
), verdict AS MATERIALIZED (
  SELECT coalesce(bool_and(coalesce(l.free, 0) - d.buffer >= d.until AND d.node_id IS NOT NULL), true) AS whole
  FROM asked d LEFT JOIN locked l ON l.sku_id = d.sku_id AND l.node_id = d.node_id
), raised AS (
  UPDATE inventory_availability v SET reserved = v.reserved + d.qty, changed = (SELECT pg_current_xact_id()::text::bigint)
  FROM (SELECT sku_id, node_id, sum(qty)::int AS qty FROM asked GROUP BY sku_id, node_id) d
  WHERE v.sku_id = d.sku_id AND v.node_id = d.node_id AND (SELECT whole FROM verdict)
), held AS (
  INSERT INTO inventory_reservation (
    merchant_id, owner_kind, owner_id, sku_id, node_id, qty, state, priority, buffer, expires_at)
  SELECT merchant_id, owner_kind, owner_id, sku_id, node_id, qty, 'held', priority, buffer, expires_at
  FROM asked WHERE (SELECT whole FROM verdict) ORDER BY n, i
)
SELECT 'whole', 0, 0, whole::int FROM verdict WHERE colisage_expect(whole OR NOT %s::boolean)
UNION ALL
SELECT 'node', merchant_id, node_id, 0 FROM first
UNION ALL
SELECT 'free', sku_id, node_id, free FROM locked WHERE NOT (SELECT whole FROM verdict)
UNION ALL
SELECT 'room', sku_id, node_id, room FROM locked WHERE room > 0 AND NOT (SELECT whole FROM verdict)
