-- Of a page of SKUs: those that a text names, where they are many: looked up SKU by SKU, until the page is full.
AND (s.id = ANY (%(sought_ids)s::bigint[])
     OR NOT EXISTS (SELECT 1 FROM unnest(%(sought_words)s::text[]) AS t(word)
                    WHERE NOT EXISTS (SELECT 1 FROM catalog_skuword w WHERE w.sku_id = s.id AND w.word ^@ t.word)))
