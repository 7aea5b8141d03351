-- The SKUs of promises whose time is over: what to lock before they are given back.
SELECT DISTINCT sku_id FROM inventory_reservation WHERE expires_at IS NOT NULL AND expires_at <= %s AND state IN ('held', 'waiting', 'ahead')
