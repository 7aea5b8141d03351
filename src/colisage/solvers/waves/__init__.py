"""Which orders are picked together: pick batches for a cart with totes."""
