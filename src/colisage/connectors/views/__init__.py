"""The doors of outside systems."""
