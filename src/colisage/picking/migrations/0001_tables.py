import colisage.kit.tables
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_tables"),
        ("inventory", "0001_tables"),
        ("network", "0001_tables"),
        ("orders", "0001_tables"),
        ("people", "0001_tables"),
        ("people", "__first__"),
    ]

    operations = [
        colisage.kit.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name="PickBatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("waiting", "to take"), ("taken", "being picked"), ("done", "done")],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("picked_by", models.CharField(blank=True, max_length=150)),
                        ("cutoff", models.DateTimeField(null=True)),
                        ("totes", models.SmallIntegerField()),
                        ("walk", models.JSONField(default=list)),
                        ("walk_millimetres", models.IntegerField(default=0)),
                        ("taken_at", models.DateTimeField(null=True)),
                        ("done_at", models.DateTimeField(null=True)),
                        (
                            "node",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="network.node",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.operator"
                            ),
                        ),
                        (
                            "picker",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "wave",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="picking.wave"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "done"), _negated=True),
                                fields=["node", "state", "id"],
                                name="batch_open",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PickTask",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.IntegerField()),
                        ("picked", models.IntegerField(default=0)),
                        ("tote", models.SmallIntegerField()),
                        ("position", models.IntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "to pick"),
                                    ("done", "picked"),
                                    ("short", "short"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("done_at", models.DateTimeField(null=True)),
                        ("done_by", models.CharField(blank=True, max_length=150)),
                        (
                            "allocation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.allocation"
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="picking.pickbatch",
                            ),
                        ),
                        (
                            "fulfillment_line",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.fulfillmentline",
                            ),
                        ),
                        (
                            "fulfillment_order",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.fulfillmentorder",
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
                            "operator",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.operator",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="network.place",
                            ),
                        ),
                        (
                            "sku",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.sku",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["batch", "position", "id"], name="tasks_of_batch")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("picked__gte", 0), ("quantity__gt", 0), ("picked__lte", models.F("quantity"))
                                ),
                                name="task_is_of_units",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PutBack",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("units", models.IntegerField()),
                        ("back", models.IntegerField(default=0)),
                        ("missing", models.IntegerField(default=0)),
                        ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("done_at", models.DateTimeField(null=True)),
                        ("done_by", models.CharField(blank=True, max_length=150)),
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
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="network.node",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.operator",
                            ),
                        ),
                        (
                            "task",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="picking.picktask"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("done_at__isnull", True)),
                                fields=["operator", "id"],
                                name="put_back_open",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("back__gte", 0),
                                    ("missing__gte", 0),
                                    ("units__gt", 0),
                                    (
                                        "units__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("back"), "+", models.F("missing")
                                        ),
                                    ),
                                ),
                                name="put_back_at_most_all",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Wave",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("cutoff", models.DateTimeField(null=True)),
                        ("orders", models.IntegerField()),
                        ("released_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("released_by", models.CharField(max_length=150)),
                        (
                            "node",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.node"
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.operator"
                            ),
                        ),
                    ],
                ),
            ],
        ),
    ]
