-- Whether units of a SKU are told apart by lot, and by serial.
SELECT tracks_lots, tracks_serials FROM catalog_sku WHERE id = %s
