"""The doors of the network, a module a subject."""
