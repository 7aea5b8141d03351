import colisage.kit.models
import colisage.kit.tables
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_tables"),
        ("network", "0001_tables"),
        ("people", "0001_tables"),
        ("people", "__first__"),
    ]

    operations = [
        colisage.kit.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name="StockCell",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("owner_id", models.BigIntegerField(null=True)),
                        (
                            "condition",
                            models.CharField(
                                choices=[
                                    ("sellable", "sellable"),
                                    ("damaged", "damaged"),
                                    ("quarantine", "quarantine"),
                                    ("returned", "returned"),
                                    ("expired", "expired"),
                                    ("held", "held with its lot"),
                                ],
                                default="sellable",
                                max_length=12,
                            ),
                        ),
                        ("qty", models.IntegerField(default=0)),
                        ("allocated", models.IntegerField(default=0)),
                        ("kept", models.BooleanField(default=True)),
                        ("sellable", models.BooleanField(default=False)),
                        ("first_in_at", models.DateTimeField(null=True)),
                        (
                            "lot",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.lot",
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
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="network.node",
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
                            "plate",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.licenseplate",
                            ),
                        ),
                        (
                            "sku",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.sku",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("qty__gt", 0)), fields=["sku", "node"], name="cell_stocked"
                            ),
                            models.Index(condition=models.Q(("qty__gt", 0)), fields=["place"], name="cell_in_place"),
                            models.Index(condition=models.Q(("kept", True)), fields=["place"], name="cell_of_place"),
                            models.Index(condition=models.Q(("qty__gt", 0)), fields=["lot"], name="cell_of_lot"),
                            models.Index(
                                condition=models.Q(("qty__gt", 0), ("sellable", False)),
                                fields=["condition", "sku"],
                                name="cell_set_aside",
                            ),
                            models.Index(
                                condition=models.Q(("owner_id__isnull", False), ("qty__gt", 0)),
                                fields=["merchant", "owner_id", "sku"],
                                name="cell_consigned",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("allocated__gte", 0), ("allocated__lte", models.F("qty"))),
                                name="allocated_is_there",
                            ),
                            models.UniqueConstraint(
                                fields=("merchant", "sku", "place", "lot", "plate", "owner_id", "condition"),
                                name="one_cell",
                                nulls_distinct=False,
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Lacking",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("node_id", models.BigIntegerField()),
                        ("sku_id", models.BigIntegerField()),
                        ("code_key", models.CharField(max_length=100)),
                        (
                            "merchant",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.merchant",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["merchant", "node_id", "code_key", "sku_id"], name="lacking_by_code")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PublishedMark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("snapshot", models.TextField(default="")),
                        ("told_at", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="StockProof",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("upto", colisage.kit.models.XidField()),
                        ("system", models.BigIntegerField()),
                        ("movements", models.BigIntegerField()),
                        ("digest", models.BigIntegerField()),
                        ("cells", models.IntegerField()),
                        ("differences", models.IntegerField()),
                        ("full", models.BooleanField()),
                        ("proven_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                ),
                migrations.CreateModel(
                    name="Assembly",
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
                                choices=[("assembled", "assembled"), ("disassembled", "taken apart")], max_length=12
                            ),
                        ),
                        ("qty", models.IntegerField()),
                        ("once", models.UUIDField()),
                        ("by_name", models.CharField(max_length=150)),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "made_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.assembly",
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
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="network.node",
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
                        (
                            "lot",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.lot",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["sku", "-id"], name="assemblies_of_kit")],
                        "constraints": [
                            models.UniqueConstraint(fields=("merchant", "once"), name="assembly_once"),
                            models.CheckConstraint(condition=models.Q(("qty__gt", 0)), name="assembly_is_of_kits"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("abc", "by ABC class"),
                                    ("risk", "by risk"),
                                    ("hand", "chosen by hand"),
                                    ("tags", "after reading tags"),
                                ],
                                default="abc",
                                max_length=4,
                            ),
                        ),
                        ("bins_a_day", models.IntegerField(default=10)),
                        ("a_days", models.IntegerField(default=30)),
                        ("b_days", models.IntegerField(default=90)),
                        ("c_days", models.IntegerField(default=180)),
                        ("active", models.BooleanField(default=True)),
                        ("made_on", models.DateField(null=True)),
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
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("node", "method"), name="one_count_plan"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("a_days__gt", 0), ("b_days__gt", 0), ("bins_a_day__gt", 0), ("c_days__gt", 0)
                                ),
                                name="count_plan_is_of_days",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Count",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("abc", "by ABC class"),
                                    ("risk", "by risk"),
                                    ("hand", "chosen by hand"),
                                    ("tags", "after reading tags"),
                                ],
                                max_length=4,
                            ),
                        ),
                        ("made_by", models.CharField(max_length=150)),
                        ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                        (
                            "plan",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.countplan",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="CountRound",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.SmallIntegerField()),
                        ("person_name", models.CharField(max_length=150)),
                        ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("seen_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("dropped", models.BooleanField(default=False)),
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
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.counttask"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("dropped", False), ("finished_at", None)),
                                fields=("task",),
                                name="one_count_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("tolerance", models.IntegerField(default=0)),
                        ("limit_units", models.IntegerField(default=10)),
                        ("limit_cents", models.BigIntegerField(default=10000)),
                        ("idle_hours", models.SmallIntegerField(default=8)),
                        (
                            "merchant",
                            models.ForeignKey(
                                null=True,
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
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.operator"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("node", "merchant"), name="one_count_rule", nulls_distinct=False
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("limit_cents__gte", 0), ("limit_units__gte", 0), ("tolerance__gte", 0)
                                ),
                                name="count_rule_is_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("idle_hours__range", (1, 72))), name="idle_is_of_hours"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountStray",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=80)),
                        ("qty", models.IntegerField()),
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
                            "round",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.countround",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("round", "code"), name="one_count_stray")],
                    },
                ),
                migrations.CreateModel(
                    name="CountTask",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("why", models.CharField(blank=True, max_length=10)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "to count"),
                                    ("counting", "being counted"),
                                    ("recount", "to count again"),
                                    ("counted", "to approve"),
                                    ("approved", "posted"),
                                    ("rejected", "rejected"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="open",
                                max_length=9,
                            ),
                        ),
                        ("rounds", models.SmallIntegerField(default=0)),
                        ("right", models.BooleanField(null=True)),
                        ("strays", models.IntegerField(default=0)),
                        ("left_at", models.DateTimeField(null=True)),
                        ("left_by", models.CharField(blank=True, max_length=150)),
                        ("counted_at", models.DateTimeField(null=True)),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("decided_by", models.CharField(blank=True, max_length=150)),
                        ("remark", models.CharField(blank=True, max_length=200)),
                        (
                            "count",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.count"
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
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.place"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ("open", "counting", "recount", "counted"))),
                                fields=["node", "state", "id"],
                                name="count_tasks_open",
                            ),
                            models.Index(fields=["node", "counted_at"], name="count_tasks_settled"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("open", "counting", "recount", "counted"))),
                                fields=("place",),
                                name="one_count_of_a_bin",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LicensePlate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "code_key",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.text.Upper("code"),
                                output_field=models.CharField(db_collation="C", max_length=30),
                            ),
                        ),
                        (
                            "merchant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.merchant"
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.licenseplate",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["merchant", "-id"], name="plates_of_merchant"),
                            models.Index(fields=["merchant", "code_key"], name="plates_by_key"),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("merchant", "code"), name="one_plate_code")],
                    },
                ),
                migrations.CreateModel(
                    name="Lot",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=80)),
                        ("is_serial", models.BooleanField(default=False)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("approved", "approved"),
                                    ("quarantined", "quarantined"),
                                    ("recalled", "recalled"),
                                    ("expired", "expired"),
                                ],
                                default="approved",
                                max_length=12,
                            ),
                        ),
                        ("made_on", models.DateField(blank=True, null=True)),
                        ("expires_on", models.DateField(blank=True, null=True)),
                        ("sold_to_the_end", models.BooleanField(default=False)),
                        (
                            "code_key",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.text.Upper("code"),
                                output_field=models.CharField(db_collation="C", max_length=80),
                            ),
                        ),
                        (
                            "merchant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.merchant"
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
                        "indexes": [
                            models.Index(fields=["merchant", "-id"], name="lots_of_merchant"),
                            models.Index(fields=["sku", "-id"], name="lots_of_sku"),
                            models.Index(
                                condition=models.Q(("expires_on__isnull", False)),
                                fields=["merchant", "expires_on", "id"],
                                name="lots_by_date",
                            ),
                            models.Index(fields=["merchant", "code"], name="lots_by_code"),
                            models.Index(fields=["code_key", "merchant"], name="lots_by_key"),
                            models.Index(
                                condition=models.Q(("status", "approved"), _negated=True),
                                fields=["merchant", "-id"],
                                name="lots_set_aside",
                            ),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("sku", "code"), name="one_lot_code")],
                    },
                ),
                migrations.CreateModel(
                    name="CountLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "condition",
                            models.CharField(
                                choices=[
                                    ("sellable", "sellable"),
                                    ("damaged", "damaged"),
                                    ("quarantine", "quarantine"),
                                    ("returned", "returned"),
                                    ("expired", "expired"),
                                    ("held", "held with its lot"),
                                ],
                                default="sellable",
                                max_length=12,
                            ),
                        ),
                        ("qty", models.IntegerField()),
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
                            "sku",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.sku",
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.countround",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.lot",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("round", "sku", "lot", "condition"), name="one_count_line", nulls_distinct=False
                            ),
                            models.CheckConstraint(condition=models.Q(("qty__gte", 0)), name="count_line_is_of_units"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountFinding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.SmallIntegerField()),
                        ("owner_id", models.BigIntegerField(null=True)),
                        (
                            "condition",
                            models.CharField(
                                choices=[
                                    ("sellable", "sellable"),
                                    ("damaged", "damaged"),
                                    ("quarantine", "quarantine"),
                                    ("returned", "returned"),
                                    ("expired", "expired"),
                                    ("held", "held with its lot"),
                                ],
                                default="sellable",
                                max_length=12,
                            ),
                        ),
                        ("expected", models.IntegerField()),
                        ("counted", models.IntegerField()),
                        ("unit_cents", models.BigIntegerField()),
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
                            "sku",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.sku",
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.counttask"
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.lot",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("task", "number", "sku", "lot", "owner_id", "condition"),
                                name="one_count_finding",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AssemblyLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("per_kit", models.IntegerField()),
                        ("qty", models.IntegerField()),
                        (
                            "assembly",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.assembly",
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
                        (
                            "plate",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.licenseplate",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.lot",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("qty__gt", 0)), name="assembly_line_is_of_units")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProvenCell",
                    fields=[
                        (
                            "cell",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="inventory.stockcell",
                            ),
                        ),
                        ("qty", models.BigIntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name="RoomMark",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("upto", colisage.kit.models.XidField(default=0)),
                        ("system", models.BigIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="BinRoom",
                    fields=[
                        ("place", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="+", serialize=False, to="network.place")),
                        ("storage", models.CharField(db_collation="C", max_length=20)),
                        ("cross_dock", models.BooleanField()),
                        ("skus", models.IntegerField()),
                        ("mm3_size", models.SmallIntegerField()),
                        ("grams_size", models.SmallIntegerField()),
                        ("free_mm3", models.BigIntegerField(null=True)),
                        ("free_grams", models.BigIntegerField(null=True)),
                        ("distance_mm", models.IntegerField()),
                        ("walk", models.IntegerField()),
                        ("node", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.node")),
                        ("operator", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.operator")),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["node", "storage", "cross_dock", "skus", "mm3_size", "grams_size", "distance_mm", "walk", "place"], include=("free_mm3", "free_grams", "operator"), name="bins_nearest"),
                            models.Index(fields=["node", "storage", "cross_dock", "skus", "mm3_size", "grams_size", "-distance_mm", "walk", "place"], include=("free_mm3", "free_grams", "operator"), name="bins_farthest"),
                            models.Index(fields=["node", "storage", "cross_dock", "skus", "mm3_size", "grams_size", "walk", "place"], include=("free_mm3", "free_grams", "operator"), name="bins_along_the_walk"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SkuSpeed",
                    fields=[
                        (
                            "sku",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="catalog.sku",
                            ),
                        ),
                        ("speed", models.CharField(choices=[("A", "A"), ("B", "B")], max_length=1)),
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
                ),
                migrations.CreateModel(
                    name="Reservation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("owner_kind", models.CharField(max_length=20)),
                        ("owner_id", models.BigIntegerField()),
                        ("qty", models.IntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("held", "held"),
                                    ("waiting", "owed"),
                                    ("ahead", "pre-ordered"),
                                    ("picked", "picked"),
                                    ("consumed", "shipped"),
                                    ("released", "given back"),
                                    ("expired", "expired"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("priority", models.SmallIntegerField(default=0)),
                        ("turn", models.CharField(db_collation="C", db_default="~", max_length=60)),
                        ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("expires_at", models.DateTimeField(null=True)),
                        ("buffer", models.IntegerField(db_default=0)),
                        (
                            "merchant",
                            models.ForeignKey(
                                db_constraint=False,
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
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="network.node",
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
                        "indexes": [
                            models.Index(fields=["owner_kind", "owner_id"], name="reservation_of_owner"),
                            models.Index(
                                condition=models.Q(("state__in", ["held", "waiting", "ahead"])),
                                fields=["sku", "node", "id"],
                                name="reservation_open",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "ahead"])),
                                fields=["sku"],
                                name="reservation_owed",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("expires_at__isnull", False), ("state__in", ["held", "waiting", "ahead"])
                                ),
                                fields=["expires_at"],
                                name="reservation_expires",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("qty__gt", 0)), name="reservation_is_of_units")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Allocation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("qty", models.IntegerField()),
                        ("open", models.BooleanField(default=True)),
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
                            "cell",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.stockcell",
                            ),
                        ),
                        (
                            "reservation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.reservation",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(condition=models.Q(("open", True)), fields=["cell"], name="allocation_open")
                        ],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("qty__gt", 0)), name="allocation_is_of_units")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SafetyFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("file_name", models.CharField(max_length=200)),
                        ("columns", models.JSONField(default=list)),
                        ("delimiter", models.CharField(default=",", max_length=1)),
                        ("saved", models.IntegerField(default=0)),
                        ("refused", models.IntegerField(default=0)),
                        ("by_name", models.CharField(max_length=150)),
                        ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("changed", models.IntegerField(default=0)),
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
                        "indexes": [models.Index(fields=["merchant", "-id"], name="safety_files_of")],
                    },
                ),
                migrations.CreateModel(
                    name="SafetyRefusedRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.IntegerField()),
                        ("reason", models.CharField(max_length=40)),
                        ("raw", models.JSONField()),
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
                            "run",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.safetyfile",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="StockHold",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", models.CharField(max_length=80)),
                        ("expires_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("ordered", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "channel",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="network.channel",
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
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("channel", "reference"),
                                name="one_open_hold",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StockHoldLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.IntegerField()),
                        (
                            "hold",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.stockhold",
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)), name="hold_line_is_of_units"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StockMovement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("qty", models.IntegerField()),
                        ("reason", models.CharField(max_length=30)),
                        ("actor_kind", models.CharField(max_length=20)),
                        ("actor_id", models.BigIntegerField(null=True)),
                        ("doc_kind", models.CharField(max_length=30)),
                        ("doc_id", models.BigIntegerField()),
                        ("doc_line", models.BigIntegerField(default=0)),
                        ("seq", models.IntegerField(default=0)),
                        ("occurred_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("xid", colisage.kit.models.XidField(db_default=colisage.kit.models.CurrentTransaction())),
                        (
                            "from_cell",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.stockcell"
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
                            "sku",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.sku",
                            ),
                        ),
                        (
                            "to_cell",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.stockcell"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["sku", "id"], name="movements_of_sku"),
                            models.Index(fields=["xid"], name="movements_since"),
                            models.Index(fields=["merchant", "reason", "recorded_at"], name="movements_by_reason"),
                            django.contrib.postgres.indexes.BrinIndex(
                                autosummarize=True, fields=["occurred_at"], name="movements_by_occurrence"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("qty__gt", 0)), name="movement_moves"),
                            models.CheckConstraint(
                                condition=models.Q(("from_cell", models.F("to_cell")), _negated=True),
                                name="movement_goes_elsewhere",
                            ),
                            models.UniqueConstraint(
                                fields=("doc_kind", "doc_id", "doc_line", "seq"), name="movement_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TagReader",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        ("connector", models.CharField(default="llrp", max_length=20)),
                        ("host", models.CharField(max_length=120)),
                        ("port", models.IntegerField(default=5084)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "not tried yet"),
                                    ("asked", "being asked"),
                                    ("ready", "answers"),
                                    ("silent", "does not answer"),
                                ],
                                default="new",
                                max_length=6,
                            ),
                        ),
                        ("told", models.CharField(blank=True, max_length=200)),
                        ("tried_at", models.DateTimeField(null=True)),
                        ("active", models.BooleanField(default=True)),
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
                        (
                            "place",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="network.place",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("operator", "name"), name="one_tag_reader"),
                            models.CheckConstraint(
                                condition=models.Q(("port__gte", 1), ("port__lte", 65535)), name="tag_reader_has_a_port"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TagRead",
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
                                choices=[
                                    ("reading", "being read"),
                                    ("read", "to look at"),
                                    ("failed", "failed"),
                                    ("counting", "handed to a count"),
                                    ("put_aside", "put aside"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("tags", models.IntegerField(default=0)),
                        ("twice", models.IntegerField(default=0)),
                        ("foreign", models.IntegerField(default=0)),
                        ("units", models.IntegerField(default=0)),
                        ("unreadable", models.IntegerField(default=0)),
                        ("strangers", models.JSONField(default=list)),
                        ("told", models.CharField(blank=True, max_length=200)),
                        ("count_id", models.BigIntegerField(null=True)),
                        ("made_by", models.CharField(max_length=150)),
                        ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "node",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.node"
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.place"
                            ),
                        ),
                        (
                            "reader",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.tagreader",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["operator", "-id"], name="tag_reads_of_operator"),
                            models.Index(
                                condition=models.Q(("state", "reading")),
                                fields=["made_at"],
                                name="tag_reads_being_read",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TagReadLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("serial", models.CharField(blank=True, max_length=80)),
                        ("expected", models.IntegerField()),
                        ("seen", models.IntegerField()),
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
                            "read",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.tagread"
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
                        "constraints": [
                            models.UniqueConstraint(fields=("read", "sku", "serial"), name="one_tag_read_line"),
                            models.CheckConstraint(
                                condition=models.Q(("expected__gte", 0), ("seen__gte", 0)), name="tag_read_line_counts"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AdjustmentReason",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30)),
                        ("name_fr", models.CharField(blank=True, max_length=60)),
                        ("name_en", models.CharField(blank=True, max_length=60)),
                        (
                            "direction",
                            models.CharField(
                                choices=[("in", "units come in"), ("out", "units go out"), ("either", "either")],
                                default="either",
                                max_length=6,
                            ),
                        ),
                        ("shrinkage", models.BooleanField(default=True)),
                        ("active", models.BooleanField(default=True)),
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
                        "constraints": [
                            models.UniqueConstraint(fields=("merchant", "code"), name="one_adjustment_reason")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Availability",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "sku_id", "node_id", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("ledger", "our own ledger"),
                                    ("mirror", "a partner’s snapshot"),
                                    ("feed", "a supplier’s feed"),
                                    ("unlimited", "not counted"),
                                ],
                                default="ledger",
                                max_length=10,
                            ),
                        ),
                        ("as_of", models.DateTimeField(null=True)),
                        ("sellable", models.IntegerField(default=0)),
                        ("reserved", models.IntegerField(default=0)),
                        ("safety", models.IntegerField(default=0)),
                        ("ahead_cap", models.IntegerField(default=0)),
                        ("ahead", models.IntegerField(default=0)),
                        ("ahead_on", models.DateField(null=True)),
                        ("unreleased", models.BooleanField(db_default=False)),
                        ("changed", models.BigIntegerField(db_default=0)),
                        (
                            "gives",
                            models.GeneratedField(
                                db_persist=True,
                                expression=models.Q(
                                    ("source", "unlimited"),
                                    django.db.models.lookups.GreaterThan(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("sellable"), "-", models.F("reserved")
                                        ),
                                        models.F("safety"),
                                    ),
                                    _connector="OR",
                                ),
                                output_field=models.BooleanField(),
                            ),
                        ),
                        (
                            "falls_short",
                            models.GeneratedField(
                                db_persist=True,
                                expression=models.Q(
                                    models.Q(("source", "unlimited"), _negated=True),
                                    ("safety__gt", 0),
                                    django.db.models.lookups.LessThan(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("sellable"), "-", models.F("reserved")
                                        ),
                                        models.F("safety"),
                                    ),
                                ),
                                output_field=models.BooleanField(),
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
                        "indexes": [
                            models.Index(
                                condition=models.Q(("gives", True)),
                                fields=["merchant", "sku", "node"],
                                name="availability_gives",
                            ),
                            models.Index(
                                condition=models.Q(("falls_short", True)),
                                fields=["merchant", "sku", "node"],
                                name="availability_falls_short",
                            ),
                            models.Index(
                                condition=models.Q(("unreleased", True)),
                                fields=["ahead_on"],
                                name="availability_unreleased",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reserved__gte", 0),
                                    models.Q(
                                        ("source", "unlimited"),
                                        ("reserved__lte", models.F("sellable")),
                                        _connector="OR",
                                    ),
                                ),
                                name="never_oversold",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ahead__gte", 0), ("ahead__lte", models.F("ahead_cap"))),
                                name="ahead_within_cap",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChannelBuffer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("units", models.IntegerField()),
                        (
                            "channel",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="network.channel",
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
                            "sku",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.sku",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("channel", "sku"), name="one_channel_buffer"),
                            models.CheckConstraint(
                                condition=models.Q(("units__gte", 0)), name="channel_buffer_is_not_negative"
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
