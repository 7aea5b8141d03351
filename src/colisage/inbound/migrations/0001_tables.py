import colisage.kit.tables
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_tables"),
        ("inventory", "0001_tables"),
        ("network", "0001_tables"),
        ("people", "0001_tables"),
    ]

    operations = [
        colisage.kit.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name="Announcement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", models.CharField(max_length=80)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("announced", "announced"),
                                    ("arriving", "at the dock"),
                                    ("received", "received"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="announced",
                                max_length=10,
                            ),
                        ),
                        ("expected_on", models.DateField(null=True)),
                        ("carrier", models.CharField(blank=True, max_length=80)),
                        ("tracking_number", models.CharField(blank=True, max_length=80)),
                        ("came_by", models.CharField(max_length=10)),
                        ("digest", models.BinaryField(default=b"", max_length=32)),
                        ("by_name", models.CharField(max_length=150)),
                        ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("arrived_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
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
                            "supplier",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.supplier",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["merchant", "state", "-id"], name="announcements_by_state"),
                            models.Index(
                                condition=models.Q(("state__in", ("announced", "arriving"))),
                                fields=["merchant", "expected_on", "id"],
                                name="announcements_due",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("merchant", "supplier", "reference"), name="one_announcement"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AnnouncementImport",
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
                        "indexes": [models.Index(fields=["merchant", "-id"], name="announcement_imports_of")],
                    },
                ),
                migrations.CreateModel(
                    name="AnnouncementRefusedRow",
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
                                to="inbound.announcementimport",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Checklist",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        (
                            "sample_rule",
                            models.CharField(
                                choices=[
                                    ("all", "every unit"),
                                    ("percent", "a share of them, in per cent"),
                                    ("number", "so many units"),
                                ],
                                default="all",
                                max_length=7,
                            ),
                        ),
                        ("sample_value", models.IntegerField(default=0)),
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
                        (
                            "sku",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.sku",
                            ),
                        ),
                        (
                            "supplier",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.supplier",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("active", True)),
                                fields=("merchant", "supplier", "sku"),
                                name="one_checklist_of_a_thing",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("sample_value__range", (0, 1000000))), name="sample_is_of_units"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConsignmentStatement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        ("currency", models.CharField(max_length=3)),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "running"), ("closed", "closed")], default="open", max_length=6
                            ),
                        ),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("closed_by", models.CharField(blank=True, max_length=150)),
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
                            "supplier",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.supplier",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("merchant", "supplier", "month"), name="one_consignment_statement"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConsignmentLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("movement_id", models.BigIntegerField(unique=True)),
                        ("qty", models.IntegerField()),
                        ("unit_cost_cents", models.BigIntegerField(default=0)),
                        ("reason", models.CharField(max_length=30)),
                        ("at", models.DateTimeField()),
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
                            "sku",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.sku",
                            ),
                        ),
                        (
                            "statement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.consignmentstatement",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("qty", 0), _negated=True), name="consignment_buys_units"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DockPolicy",
                    fields=[
                        (
                            "merchant",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="people.merchant",
                            ),
                        ),
                        ("over_percent", models.SmallIntegerField(default=5)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("over_percent__range", (0, 100))), name="over_is_a_share"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PurchaseOrder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=40)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "draft"),
                                    ("open", "expected"),
                                    ("partly", "partly received"),
                                    ("closed", "received"),
                                    ("short", "closed short"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("expected_on", models.DateField(blank=True, null=True)),
                        ("currency", models.CharField(default="EUR", max_length=3)),
                        ("consigned", models.BooleanField(default=False)),
                        ("note", models.TextField(blank=True)),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                            "supplier",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.supplier",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["merchant", "state", "-id"], name="purchases_by_state"),
                            models.Index(fields=["supplier", "-id"], name="purchases_of_supplier"),
                            models.Index(
                                condition=models.Q(("state__in", ("open", "partly"))),
                                fields=["merchant", "expected_on", "id"],
                                include=("supplier",),
                                name="purchases_due",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("merchant", "number"), name="one_purchase_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PurchaseLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("supplier_code", models.CharField(blank=True, max_length=80)),
                        ("ordered", models.IntegerField()),
                        ("received", models.IntegerField(default=0)),
                        ("unit_cost_cents", models.BigIntegerField(default=0)),
                        ("expected_on", models.DateField(null=True)),
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
                        (
                            "purchase_order",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.purchaseorder",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("purchase_order", "sku"), name="one_purchase_line"),
                            models.CheckConstraint(
                                condition=models.Q(("ordered__gt", 0), ("received__gte", 0)),
                                name="purchase_is_of_units",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("carrier", models.CharField(blank=True, max_length=60)),
                        ("note_number", models.CharField(blank=True, max_length=60)),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "being received"), ("finished", "received")],
                                default="open",
                                max_length=8,
                            ),
                        ),
                        ("closed_short", models.BooleanField(default=False)),
                        ("started_by_id", models.BigIntegerField(null=True)),
                        ("started_by", models.CharField(max_length=150)),
                        ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("finished_by", models.CharField(blank=True, max_length=150)),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "announcement",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.announcement",
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
                            "purchase_order",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.purchaseorder",
                            ),
                        ),
                        (
                            "supplier",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.supplier",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["merchant", "-id"], name="deliveries_of"),
                            models.Index(fields=["merchant", "state", "-id"], name="deliveries_by_state"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("purchase_order__isnull", False), ("state", "open")),
                                fields=("purchase_order",),
                                name="one_open_delivery_of_order",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("announcement__isnull", False), ("state", "open")),
                                fields=("announcement",),
                                name="one_open_delivery_of_announcement",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("announcement__isnull", True), ("purchase_order__isnull", True), ("state", "open")
                                ),
                                fields=("merchant", "node", "started_by_id"),
                                name="one_open_blind_delivery",
                                nulls_distinct=False,
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AnnouncedLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("qty", models.IntegerField()),
                        ("received", models.IntegerField(default=0)),
                        ("lot", models.CharField(blank=True, max_length=80)),
                        ("serial", models.CharField(blank=True, max_length=80)),
                        ("expires_on", models.DateField(null=True)),
                        ("sscc", models.CharField(blank=True, max_length=18)),
                        ("pallet_sscc", models.CharField(blank=True, max_length=18)),
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
                        (
                            "announcement",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.announcement",
                            ),
                        ),
                        (
                            "purchase_order",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.purchaseorder",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("sscc", ""), _negated=True),
                                fields=["merchant", "sscc"],
                                name="announced_by_sscc",
                            ),
                            models.Index(
                                condition=models.Q(("pallet_sscc", ""), _negated=True),
                                fields=["merchant", "pallet_sscc"],
                                name="announced_by_pallet",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("qty__gt", 0),
                                    ("received__gte", 0),
                                    models.Q(("serial", ""), ("qty", 1), _connector="OR"),
                                ),
                                name="announced_are_units",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PutawayRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.SmallIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("storage", "Storage type fits the goods"),
                                    ("capacity", "Volume and weight fit"),
                                    ("cross_dock", "What people wait for goes near the bench first"),
                                    ("same_lot", "Keep a lot together"),
                                    ("same_sku", "Keep a SKU together"),
                                    ("alone", "One SKU in a bin"),
                                    ("lot_alone", "One lot of a SKU in a bin"),
                                    ("fast_near", "What is picked often lies near the bench"),
                                    ("empty", "Empty bins first"),
                                    ("near", "Along the walk"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("must", models.BooleanField(default=False)),
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
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("node", "kind"), name="one_rule_of_a_kind"),
                            models.UniqueConstraint(
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                fields=("node", "position"),
                                name="one_rule_a_position",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Question",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.SmallIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("yes_no", "yes or no"),
                                    ("measure", "a measure within limits"),
                                    ("photo", "a photo"),
                                ],
                                max_length=7,
                            ),
                        ),
                        ("text", models.CharField(max_length=200)),
                        ("unit", models.CharField(blank=True, max_length=12)),
                        ("lowest_milli", models.BigIntegerField(null=True)),
                        ("highest_milli", models.BigIntegerField(null=True)),
                        (
                            "checklist",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.checklist",
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
                ),
                migrations.CreateModel(
                    name="Receipt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("good", models.IntegerField()),
                        ("damaged", models.IntegerField(default=0)),
                        ("over", models.IntegerField(default=0)),
                        ("unexpected", models.BooleanField(default=False)),
                        ("put_away", models.IntegerField(default=0)),
                        ("plated", models.IntegerField(default=0)),
                        ("rejected", models.IntegerField(default=0)),
                        ("inspection_due", models.BooleanField(default=False)),
                        ("owner_id", models.BigIntegerField(null=True)),
                        ("came_from", models.CharField(default="supplier", max_length=10)),
                        ("by_name", models.CharField(max_length=150)),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("undone_by", models.CharField(blank=True, max_length=150)),
                        ("undone_at", models.DateTimeField(null=True)),
                        (
                            "announcement",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.announcement",
                            ),
                        ),
                        (
                            "checklist",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.checklist",
                            ),
                        ),
                        (
                            "delivery",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.delivery",
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
                            "purchase_order",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.purchaseorder",
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
                                condition=models.Q(
                                    (
                                        "put_away__lt",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("good"), "-", models.F("rejected")
                                        ),
                                    ),
                                    ("undone_at__isnull", True),
                                ),
                                fields=["node", "id"],
                                name="receipt_on_the_dock",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("damaged__gte", 0),
                                    ("good__gte", 0),
                                    ("plated__gte", 0),
                                    ("put_away__gte", 0),
                                    (
                                        "put_away__lte",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("good"), "-", models.F("rejected")
                                            ),
                                            "-",
                                            models.F("plated"),
                                        ),
                                    ),
                                    ("rejected__gte", 0),
                                    models.Q(("good__gt", 0), ("damaged__gt", 0), _connector="OR"),
                                ),
                                name="receipt_is_of_units",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("undone_at__isnull", True),
                                    models.Q(("plated", 0), ("put_away", 0)),
                                    _connector="OR",
                                ),
                                name="undone_is_not_put_away",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QualityCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sample", models.IntegerField()),
                        ("passed", models.BooleanField()),
                        ("failed_units", models.IntegerField()),
                        ("answers", models.JSONField()),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("by_name", models.CharField(max_length=150)),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "checklist",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.checklist",
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
                            "receipt",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inbound.receipt"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Production",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("serials", models.JSONField(db_default=[], default=list)),
                        ("batch", models.CharField(blank=True, max_length=80)),
                        ("qty", models.IntegerField()),
                        ("parts", models.JSONField(default=list)),
                        ("once", models.CharField(max_length=40)),
                        ("by_name", models.CharField(max_length=150)),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.node"
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
                            "receipt",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.receipt",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["merchant", "-id"], name="productions_of")],
                        "constraints": [
                            models.UniqueConstraint(fields=("merchant", "once"), name="one_production"),
                            models.CheckConstraint(condition=models.Q(("qty__gt", 0)), name="production_is_of_units"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlateLoad",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                            "plate",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.licenseplate",
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.receipt",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["merchant", "plate"], name="loads_of_merchant")],
                        "constraints": [
                            models.UniqueConstraint(fields=("receipt", "plate"), name="one_load_of_a_receipt"),
                            models.CheckConstraint(condition=models.Q(("qty__gt", 0)), name="load_is_of_units"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SetAside",
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
                                choices=[
                                    ("unidentified", "unidentified"),
                                    ("wrong", "not ordered"),
                                    ("expired", "expired"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "set aside"), ("taken", "taken in"), ("sent_back", "sent back")],
                                default="open",
                                max_length=9,
                            ),
                        ),
                        ("scanned", models.CharField(blank=True, max_length=100)),
                        ("description", models.CharField(blank=True, max_length=300)),
                        ("units", models.IntegerField(default=1)),
                        ("by_name", models.CharField(max_length=150)),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("settled_by", models.CharField(blank=True, max_length=150)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("note", models.CharField(blank=True, max_length=300)),
                        (
                            "delivery",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.delivery",
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
                            "receipt",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.receipt",
                            ),
                        ),
                        (
                            "sku",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.sku",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["merchant", "state", "-id"], name="asides_of")],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("units__gt", 0)), name="aside_is_of_units"),
                            models.CheckConstraint(
                                condition=models.Q(("kind", "unidentified"), ("sku__isnull", False), _connector="OR"),
                                name="aside_names_what_it_knows",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Supplier",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30)),
                        ("name", models.CharField(max_length=120)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        ("address", models.JSONField(default=dict)),
                        ("language", models.CharField(default="fr", max_length=2)),
                        ("currency", models.CharField(default="EUR", max_length=3)),
                        ("lead_days", models.SmallIntegerField(default=14)),
                        ("due_days", models.SmallIntegerField(default=30)),
                        (
                            "due_from",
                            models.CharField(
                                choices=[("invoice", "from the invoice"), ("month", "from the end of the month")],
                                default="invoice",
                                max_length=7,
                            ),
                        ),
                        ("minimum_cents", models.BigIntegerField(default=0)),
                        ("incoterm", models.CharField(blank=True, max_length=3)),
                        ("claim_days", models.SmallIntegerField(default=7)),
                        ("pays_lost", models.BooleanField(default=True)),
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
                        "constraints": [models.UniqueConstraint(fields=("merchant", "code"), name="one_supplier_code")],
                    },
                ),
                migrations.CreateModel(
                    name="SupplierReturn",
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
                                    ("draft", "draft"),
                                    ("announced", "announced to the supplier"),
                                    ("sent", "sent, credit expected"),
                                    ("credited", "credited"),
                                    ("refused", "refused by the supplier"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="draft",
                                max_length=9,
                            ),
                        ),
                        ("currency", models.CharField(max_length=3)),
                        ("claim_until", models.DateField()),
                        ("note", models.CharField(blank=True, max_length=500)),
                        ("carrier", models.CharField(blank=True, max_length=60)),
                        ("tracking_number", models.CharField(blank=True, max_length=60)),
                        ("credited_cents", models.BigIntegerField(null=True)),
                        ("credited_on", models.DateField(null=True)),
                        ("reference", models.CharField(blank=True, max_length=60)),
                        ("by_name", models.CharField(max_length=150)),
                        ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("announced_at", models.DateTimeField(null=True)),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
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
                            "supplier",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.supplier",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["merchant", "state", "-id"], name="supplier_returns_of"),
                            models.Index(
                                condition=models.Q(("state__in", ("draft", "announced"))),
                                fields=["merchant", "claim_until"],
                                name="supplier_returns_to_claim",
                            ),
                            models.Index(
                                condition=models.Q(("state", "sent")),
                                fields=["merchant", "sent_at"],
                                name="supplier_returns_to_credit",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("credited_cents__isnull", True), ("credited_cents__gte", 0), _connector="OR"
                                ),
                                name="credit_is_ours",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupplierReturnLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("owner_id", models.BigIntegerField(null=True)),
                        ("condition", models.CharField(max_length=12)),
                        ("units", models.IntegerField()),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("damaged", "damaged on arrival"),
                                    ("wrong", "not ordered"),
                                    ("expired", "expired or too short a date"),
                                    ("quality", "failed inspection"),
                                    ("other", "other reason"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("unit_credit_cents", models.BigIntegerField(default=0)),
                        (
                            "aside",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.setaside",
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
                            "plate",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.licenseplate",
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.receipt",
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
                            "supplier_return",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.supplierreturn",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("unit_credit_cents__gte", 0), ("units__gt", 0)),
                                name="back_are_units_with_a_credit",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupplierSku",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("supplier_code", models.CharField(blank=True, max_length=80)),
                        ("unit_cost_cents", models.BigIntegerField(default=0)),
                        ("pack_units", models.IntegerField(default=1)),
                        ("minimum_units", models.IntegerField(default=1)),
                        ("lead_days", models.SmallIntegerField(null=True)),
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
                        (
                            "supplier",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.supplier",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["supplier", "supplier_code"], name="supplier_sku_by_code")],
                        "constraints": [
                            models.UniqueConstraint(fields=("supplier", "sku"), name="one_supplier_sku"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("minimum_units__gt", 0), ("pack_units__gt", 0), ("unit_cost_cents__gte", 0)
                                ),
                                name="supplier_sells_units",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Transfer",
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
                                choices=[("sent", "on its way"), ("partly", "partly arrived"), ("arrived", "arrived")],
                                default="sent",
                                max_length=8,
                            ),
                        ),
                        ("expected_on", models.DateField(null=True)),
                        ("note", models.CharField(blank=True, max_length=200)),
                        ("once", models.CharField(max_length=40)),
                        ("by_name", models.CharField(max_length=150)),
                        ("sent_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "from_node",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.node"
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
                            "to_node",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.node"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["merchant", "state", "-id"], name="transfers_by_state")],
                        "constraints": [
                            models.UniqueConstraint(fields=("merchant", "once"), name="one_transfer"),
                            models.CheckConstraint(
                                condition=models.Q(("from_node", models.F("to_node")), _negated=True),
                                name="transfer_goes_elsewhere",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TransferLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("owner_id", models.BigIntegerField(null=True)),
                        ("sent", models.IntegerField()),
                        ("good", models.IntegerField(default=0)),
                        ("damaged", models.IntegerField(default=0)),
                        ("settled", models.IntegerField(default=0)),
                        ("reason", models.CharField(blank=True, max_length=12)),
                        ("bins", models.CharField(blank=True, max_length=300)),
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
                            "sku",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.sku",
                            ),
                        ),
                        (
                            "transfer",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inbound.transfer",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("damaged__gte", 0),
                                    ("good__gte", 0),
                                    ("sent__gt", 0),
                                    ("settled__gte", 0),
                                    (
                                        "sent__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("good"), "+", models.F("damaged")
                                            ),
                                            "+",
                                            models.F("settled"),
                                        ),
                                    ),
                                ),
                                name="no_more_arrive_than_sent",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
