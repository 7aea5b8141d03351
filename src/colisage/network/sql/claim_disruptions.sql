-- Those disruptions that act, kept from ending until this transaction is over; who ends one waits for those who act on it.
SELECT id FROM network_disruption WHERE id = ANY (%s) AND state = 'active' ORDER BY id FOR SHARE
