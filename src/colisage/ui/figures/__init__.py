"""Drawings as SVG: plain numbers in, safe markup out, values only in attributes."""
