"""The doors for goods coming in: the desk’s lists, and the dock’s scans; a module a subject."""
