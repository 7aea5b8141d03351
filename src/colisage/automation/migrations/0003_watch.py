import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import colisage.kit.tables
from colisage.kit.walls import SameMerchant, Wall


SAME_MERCHANT = (
    ("automation_trace", "order_id"),
    ("automation_suspicion", "order_id"),
    ("automation_suspicion", "other_id"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("automation", "0002_walls"),
        ("orders", "0005_instructions"),
        ("people", "0001_tables"),
    ]

    operations = [
        colisage.kit.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name="Watch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("duplicates", models.BooleanField(default=False)),
                        ("window_hours", models.IntegerField(default=24)),
                        ("risk", models.BooleanField(default=False)),
                        ("threshold", models.IntegerField(default=50)),
                        ("weights", models.JSONField(default=dict)),
                        ("dear_cents", models.BigIntegerField(default=30000)),
                        ("many_units", models.IntegerField(default=10)),
                        ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "merchant",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.merchant"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Suspicion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("duplicate", "possible duplicate"), ("risk", "risk")], max_length=9
                            ),
                        ),
                        ("score", models.IntegerField(default=0)),
                        ("threshold", models.IntegerField(default=0)),
                        ("signals", models.JSONField(default=list)),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                            "order",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.order",
                            ),
                        ),
                        (
                            "other",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.order",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("order", "kind"), name="one_suspicion_of_a_kind")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Trace",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("who_what", models.CharField(blank=True, max_length=32)),
                        ("where_what", models.CharField(blank=True, max_length=32)),
                        ("place", models.CharField(blank=True, max_length=32)),
                        ("name", models.CharField(blank=True, max_length=32)),
                        ("placed_at", models.DateTimeField()),
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
                            "order",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.order",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("who_what", ""), _negated=True),
                                fields=["merchant", "who_what"],
                                name="trace_by_who_what",
                            ),
                            models.Index(
                                condition=models.Q(("where_what", ""), _negated=True),
                                fields=["merchant", "where_what"],
                                name="trace_by_where_what",
                            ),
                            models.Index(
                                condition=models.Q(("place", ""), _negated=True),
                                fields=["merchant", "place"],
                                name="trace_by_place",
                            ),
                        ],
                    },
                ),
            ]
        ),
        *[Wall(f"automation_{table}") for table in ("watch", "trace", "suspicion")],
        *[SameMerchant(table, column=column, target="orders_order") for table, column in SAME_MERCHANT],
    ]
