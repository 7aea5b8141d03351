import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from colisage.kit.walls import Wall


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0002_walls"),
        ("people", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Disruption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("node", "node"), ("carrier", "carrier")], max_length=8)),
                ("carrier", models.CharField(blank=True, max_length=50)),
                ("about", models.CharField(max_length=120)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("effect", models.CharField(choices=[("hold", "hold them")], max_length=8)),
                ("cause", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "planned"), ("active", "under way"), ("ended", "over")],
                        default="planned",
                        max_length=8,
                    ),
                ),
                ("declared_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("declared_by", models.CharField(blank=True, max_length=150)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=150)),
                (
                    "merchant",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.merchant",
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.node",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.operator",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["merchant", "-id"], name="disruptions_of_merchant"),
                    models.Index(fields=["operator", "-id"], name="disruptions_of_operator"),
                    models.Index(
                        condition=models.Q(("state", "ended"), _negated=True), fields=["state"], name="disruptions_open"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("operator__isnull", True), ("merchant__isnull", True), _connector="XOR"),
                        name="disruption_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="disruption_ends_after_it_starts",
                    ),
                ],
            },
        ),
        Wall(
            "network_disruption",
            seen="merchant_id = ANY (colisage_merchants()) OR operator_id = ANY (colisage_operators())",
        ),
    ]
