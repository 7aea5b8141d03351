-- How a merchant or an operator numbers, in place of what was set before.
INSERT INTO catalog_numbering (merchant_id, operator_id, company_prefix, extension, next_serial, last_serial, plate_prefix, separator)
VALUES (%(merchant)s, %(operator)s, %(company_prefix)s, %(extension)s, %(first)s, %(last)s, %(plate_prefix)s, %(separator)s)
ON CONFLICT (merchant_id, operator_id) DO UPDATE
SET company_prefix = excluded.company_prefix, extension = excluded.extension, next_serial = excluded.next_serial,
    last_serial = excluded.last_serial, plate_prefix = excluded.plate_prefix, separator = excluded.separator
