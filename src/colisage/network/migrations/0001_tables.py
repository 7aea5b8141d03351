import colisage.kit.tables
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_tables"),
    ]

    operations = [
        colisage.kit.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name="StorageType",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True)),
                        ("name", models.CharField(blank=True, max_length=60)),
                    ],
                ),
                migrations.CreateModel(
                    name="Node",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20)),
                        ("name", models.CharField(max_length=120)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("warehouse", "warehouse"),
                                    ("shop", "shop"),
                                    ("3pl", "3PL"),
                                    ("supplier", "dropship supplier"),
                                ],
                                default="warehouse",
                                max_length=10,
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
                        ("address", models.JSONField(default=dict)),
                        ("latitude", models.FloatField(blank=True, null=True)),
                        ("longitude", models.FloatField(blank=True, null=True)),
                        ("timezone", models.CharField(default="Europe/Paris", max_length=60)),
                        ("cutoff", models.TimeField(default="16:00")),
                        (
                            "working_days",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.SmallIntegerField(), default=list, size=None
                            ),
                        ),
                        ("handling_cents", models.IntegerField(default=120)),
                        ("active", models.BooleanField(default=True)),
                        ("gln", models.CharField(blank=True, default="", max_length=13)),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.operator"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("operator", "code"), name="one_node_code"),
                            models.UniqueConstraint(
                                condition=models.Q(("gln", ""), _negated=True),
                                fields=("operator", "gln"),
                                name="one_node_gln",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Closure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("reason", models.CharField(blank=True, max_length=80)),
                        (
                            "node",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="network.node"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("node", "day"), name="one_closure")],
                    },
                ),
                migrations.CreateModel(
                    name="NodeService",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("rank", models.SmallIntegerField(default=10)),
                        (
                            "merchant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.merchant"
                            ),
                        ),
                        (
                            "node",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.node"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("node", "merchant"), name="one_service")],
                    },
                ),
                migrations.CreateModel(
                    name="Zone",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("storage", "storage"),
                                    ("dock", "receiving dock"),
                                    ("bench", "packing bench"),
                                    ("handover", "hand-over"),
                                    ("returns", "returns"),
                                    ("quarantine", "quarantine"),
                                ],
                                default="storage",
                                max_length=12,
                            ),
                        ),
                        (
                            "node",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.node"
                            ),
                        ),
                        (
                            "storage",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="network.storagetype",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("node", "code"), name="one_zone_code")],
                    },
                ),
                migrations.CreateModel(
                    name="Place",
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
                                    ("bin", "bin"),
                                    ("dock", "receiving dock"),
                                    ("tote", "tote"),
                                    ("bench", "packing bench"),
                                    ("handover", "hand-over"),
                                    ("returns", "returns desk"),
                                    ("quarantine", "quarantine"),
                                    ("transit", "in transit"),
                                    ("supplier", "supplier"),
                                    ("customer", "customer"),
                                    ("loss", "loss"),
                                    ("found", "found"),
                                    ("assembly", "assembly"),
                                ],
                                default="bin",
                                max_length=12,
                            ),
                        ),
                        ("code", models.CharField(max_length=30)),
                        ("aisle", models.SmallIntegerField(default=0)),
                        ("x_mm", models.IntegerField(default=0)),
                        ("y_mm", models.IntegerField(default=0)),
                        ("level", models.SmallIntegerField(default=0)),
                        ("walk", models.IntegerField(default=0)),
                        ("volume_mm3", models.BigIntegerField(blank=True, null=True)),
                        ("max_grams", models.IntegerField(blank=True, null=True)),
                        ("cross_dock", models.BooleanField(default=False)),
                        ("active", models.BooleanField(default=True)),
                        (
                            "node",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="network.node",
                            ),
                        ),
                        (
                            "storage",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="network.storagetype",
                            ),
                        ),
                        (
                            "zone",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="network.zone",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("node", "code"), name="one_place_code", nulls_distinct=False
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind__in", ("supplier", "customer", "loss", "found", "assembly")),
                                        ("node__isnull", True),
                                    ),
                                    models.Q(
                                        ("node__isnull", False),
                                        models.Q(
                                            ("kind__in", ("supplier", "customer", "loss", "found", "assembly")),
                                            _negated=True,
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="virtual_places_have_no_node",
                            ),
                        ],
                        "indexes": [
                            models.Index(fields=["node", "walk", "id"], name="places_along_the_walk"),
                            models.Index(
                                condition=models.Q(("kind", "bin"), _negated=True),
                                fields=["kind", "node"],
                                name="places_but_bins",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Channel",
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
                                    ("shopify", "Shopify"),
                                    ("woocommerce", "WooCommerce"),
                                    ("prestashop", "PrestaShop"),
                                    ("amazon", "Amazon"),
                                    ("custom_store", "ShipStation custom store"),
                                    ("edi", "EDI"),
                                    ("file", "file"),
                                    ("api", "API"),
                                    ("manual", "by hand"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("code", models.CharField(max_length=30)),
                        ("name", models.CharField(max_length=80)),
                        ("buffer", models.IntegerField(default=0)),
                        ("may_owe", models.BooleanField(default=True)),
                        ("active", models.BooleanField(default=True)),
                        (
                            "merchant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.merchant"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("merchant", "code"), name="one_channel_code")],
                    },
                ),
            ],
        ),
    ]
