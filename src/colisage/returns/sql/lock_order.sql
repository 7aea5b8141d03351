-- Returns of one order wait for each other until the end of the transaction: units and cents are counted once.
SELECT pg_advisory_xact_lock(hashtextextended('returns:order:' || %s, 0))
