"""The design system: sheets, page shells, parts, tags and drawings.

Every component, with a snippet to copy, is in `docs/reference/ui.md`.
"""
