import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from colisage.kit.walls import Wall


class Migration(migrations.Migration):
    dependencies = [
        ("inbound", "0003_lists"),
        ("network", "0005_reroute"),
        ("people", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Postponement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("purchase_order", "purchase order"),
                            ("purchase_line", "line of a purchase order"),
                            ("announcement", "announced delivery"),
                            ("transfer", "transfer"),
                        ],
                        max_length=14,
                    ),
                ),
                ("doc_id", models.BigIntegerField()),
                ("before", models.DateField()),
                ("after", models.DateField(null=True)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "disruption",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.disruption",
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
            ],
            options={
                "indexes": [
                    models.Index(fields=["merchant", "kind", "doc_id"], name="postponements_of_document"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["disruption", "merchant", "kind", "doc_id"], name="one_postponement"
                    )
                ],
            },
        ),
        Wall("inbound_postponement"),
    ]
