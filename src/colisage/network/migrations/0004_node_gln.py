from django.db import migrations, models


class Migration(migrations.Migration):
    """A node may have a number at GS1: one of an operator."""

    dependencies = [("network", "0003_storage")]

    operations = [
        migrations.AddField("node", "gln", models.CharField(blank=True, default="", max_length=13)),
        migrations.AddConstraint(
            "node",
            models.UniqueConstraint(
                fields=("operator", "gln"), condition=models.Q(("gln", ""), _negated=True), name="one_node_gln"
            ),
        ),
    ]
