"""The doors of the catalogue: SKUs and files of them, and how units are numbered."""
