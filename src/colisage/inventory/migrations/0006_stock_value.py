import django.db.models.deletion
from django.db import migrations, models

from colisage.kit.walls import Wall


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_lists"), ("network", "0002_walls"), ("people", "0001_tables")]
    operations = [
        migrations.RemoveIndex(model_name="counttask", name="count_tasks_settled"),
        migrations.AddIndex(
            model_name="counttask",
            index=models.Index(
                condition=models.Q(("state", "approved")),
                fields=["node", "counted_at"],
                include=("right", "operator"),
                name="count_tasks_approved",
            ),
        ),
        migrations.CreateModel(
            name="StockValue",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "merchant_id", "node_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.merchant",
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.node"
                    ),
                ),
                ("units", models.BigIntegerField()),
                ("cents", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        Wall("inventory_stockvalue"),
    ]
