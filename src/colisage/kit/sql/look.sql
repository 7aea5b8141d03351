-- The role and the view of a transaction: the merchants and operators whose rows it sees.
SELECT set_config('role', %s::text, true), set_config('colisage.merchants', %s::text, true),
  set_config('colisage.operators', %s::text, true)
