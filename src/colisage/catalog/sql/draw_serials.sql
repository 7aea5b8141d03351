-- Where a range goes on after numbers were drawn from it.
UPDATE catalog_numbering SET next_serial = %s WHERE id = %s
