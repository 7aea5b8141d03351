-- The active nodes of merchants, the preferred first. Written out: on the hot path of every order, putting the same
-- question together anew costs more than asking it.
SELECT s.merchant_id, array_agg(s.node_id ORDER BY s.rank, s.node_id)
FROM network_nodeservice s JOIN network_node n ON n.id = s.node_id AND n.active
WHERE s.merchant_id = ANY (%s)
GROUP BY s.merchant_id
