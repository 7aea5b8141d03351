from django.db import migrations

from colisage.kit.walls import Wall

OF_OPERATOR = "operator_id = ANY (colisage_operators())"
OF_NODE = (
    "EXISTS (SELECT 1 FROM network_node n WHERE n.id = node_id AND n.operator_id = ANY (colisage_operators()))"
)


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial")]
    operations = [
        Wall("network_node", seen=OF_OPERATOR),
        Wall("network_closure", seen=OF_NODE),
        Wall("network_zone", seen=OF_NODE),
        Wall("network_place", seen=f"node_id IS NULL OR {OF_NODE}"),
        Wall("network_nodeservice"),
        Wall("network_channel"),
        # One row of each virtual place, shared by all: they keep no balance and belong to nobody.
        migrations.RunSQL(
            "INSERT INTO network_place (kind, code, aisle, x_mm, y_mm, level, walk, active)"
            " SELECT kind, upper(kind), 0, 0, 0, 0, 0, true"
            " FROM unnest(ARRAY['supplier', 'customer', 'loss', 'found', 'assembly']) AS kind",
            "DELETE FROM network_place WHERE node_id IS NULL",
        ),
    ]
