"""Pure decisions of the merchant's rules: facts, effects, the shape of a rule, and which act."""
