"""Which nodes serve which order, and why."""
