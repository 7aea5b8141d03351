-- Serial references of nobody's SSCC.
SELECT nextval('catalog_specimen_unit') FROM generate_series(1, %s)
