"""The stock’s doors, a module a subject."""
