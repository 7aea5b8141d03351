-- The numbers from which units of a merchant are numbered: its own, else those of the operator that packs them. Locked
-- until the numbers are drawn.
SELECT id, company_prefix, extension, next_serial, last_serial
FROM catalog_numbering
WHERE company_prefix <> '' AND (merchant_id = %s OR operator_id = %s)
ORDER BY merchant_id NULLS LAST
LIMIT 1
FOR NO KEY UPDATE
