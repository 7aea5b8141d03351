-- The operators that work for a merchant: what its customers see lies behind their wall too (nodes, shipments).
SELECT operator_id FROM people_servicecontract WHERE merchant_id = %s
