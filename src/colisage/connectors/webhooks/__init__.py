"""Calls to the programs of merchants."""
