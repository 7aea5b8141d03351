"""The doors of what comes in."""
