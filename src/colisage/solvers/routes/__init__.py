"""The picker's walk: from the depot through every stop and back, as short as possible."""
