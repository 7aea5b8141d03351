"""The Model Context Protocol: an assistant reads and, guarded, changes things over our own API, with a key's rights."""
