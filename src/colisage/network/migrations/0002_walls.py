from django.db import migrations

from colisage.kit.walls import Wall

OF_OPERATOR = "operator_id = ANY (colisage_operators())"
OF_NODE = "EXISTS (SELECT 1 FROM network_node n WHERE n.id = node_id AND n.operator_id = ANY (colisage_operators()))"
# One row of each virtual place, shared by all: they keep no balance and belong to nobody.
VIRTUAL_PLACES = """
INSERT INTO network_place (kind, code, aisle, x_mm, y_mm, level, walk, active, cross_dock)
SELECT kind, upper(kind), 0, 0, 0, 0, 0, true, false
FROM unnest(ARRAY['supplier', 'customer', 'loss', 'found', 'assembly']) AS kind
"""
STORAGE_TYPES = """
INSERT INTO network_storagetype (code, name)
SELECT code, '' FROM unnest(ARRAY['ambient', 'cold', 'frozen', 'hazardous', 'bulky', 'secure']) AS code
"""


class Migration(migrations.Migration):
    dependencies = [("network", "0001_tables")]
    operations = [
        Wall("network_node", seen=OF_OPERATOR),
        *[Wall(f"network_{table}", seen=OF_NODE) for table in ("closure", "zone")],
        Wall("network_place", seen=f"node_id IS NULL OR {OF_NODE}"),
        *[Wall(f"network_{table}") for table in ("nodeservice", "channel")],
        migrations.RunSQL(VIRTUAL_PLACES, "DELETE FROM network_place WHERE node_id IS NULL"),
        migrations.RunSQL(STORAGE_TYPES, "DELETE FROM network_storagetype"),
    ]
