"""Which box holds what: three-dimensional packing of an order into a shop's own boxes."""
