import colisage.kit.tables
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0001_tables"),
        ("people", "0001_tables"),
    ]

    operations = [
        colisage.kit.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name="CatalogImport",
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
                        "indexes": [models.Index(fields=["merchant", "-id"], name="catalog_imports_of")],
                    },
                ),
                migrations.CreateModel(
                    name="CatalogRefusedRow",
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.merchant"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.catalogimport",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Numbering",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("company_prefix", models.CharField(blank=True, max_length=12)),
                        ("extension", models.SmallIntegerField(default=0)),
                        ("next_serial", models.BigIntegerField(default=0)),
                        ("last_serial", models.BigIntegerField(default=0)),
                        ("plate_prefix", models.CharField(default="LPN", max_length=6)),
                        ("separator", models.CharField(blank=True, max_length=8)),
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("merchant", "operator"), name="one_numbering", nulls_distinct=False
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("company_prefix", ""), _negated=True),
                                fields=("company_prefix", "extension"),
                                name="one_sscc_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("merchant__isnull", True), ("operator__isnull", True), _connector="XOR"
                                ),
                                name="somebody_numbers",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("next_serial__gte", 0),
                                    (
                                        "next_serial__lte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("last_serial"), "+", models.Value(1)
                                        ),
                                    ),
                                ),
                                name="serials_within_range",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Sku",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=100)),
                        (
                            "code_key",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.text.Upper("code"),
                                output_field=models.CharField(max_length=100),
                            ),
                        ),
                        ("name", models.CharField(max_length=300)),
                        ("product", models.CharField(blank=True, max_length=120)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("unit", "unit"), ("bundle", "bundle"), ("kit", "kit")],
                                default="unit",
                                max_length=8,
                            ),
                        ),
                        ("grams", models.IntegerField(blank=True, null=True)),
                        ("length_mm", models.IntegerField(blank=True, null=True)),
                        ("width_mm", models.IntegerField(blank=True, null=True)),
                        ("height_mm", models.IntegerField(blank=True, null=True)),
                        ("price_cents", models.BigIntegerField(default=0)),
                        ("cost_cents", models.BigIntegerField(default=0)),
                        ("hs_code", models.CharField(blank=True, max_length=12)),
                        ("origin", models.CharField(blank=True, max_length=2)),
                        ("fragile", models.BooleanField(default=False)),
                        ("stackable", models.BooleanField(default=True)),
                        ("keep_upright", models.BooleanField(default=False)),
                        ("hazardous", models.BooleanField(default=False)),
                        ("digital", models.BooleanField(default=False)),
                        ("tracks_lots", models.BooleanField(default=False)),
                        ("tracks_serials", models.BooleanField(default=False)),
                        ("tracks_expiry", models.BooleanField(default=False)),
                        ("days_left", models.PositiveSmallIntegerField(db_default=0, default=0)),
                        (
                            "rotation",
                            models.CharField(
                                choices=[
                                    ("fifo", "first in, first out"),
                                    ("lifo", "last in, first out"),
                                    ("fefo", "first expired, first out"),
                                ],
                                default="fifo",
                                max_length=4,
                            ),
                        ),
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
                        "constraints": [
                            models.UniqueConstraint(fields=("merchant", "code_key"), name="one_sku_code"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("grams__gte", 0),
                                        ("length_mm__gte", 0),
                                        ("width_mm__gte", 0),
                                        ("height_mm__gte", 0),
                                    ),
                                    ("grams__isnull", True),
                                    ("length_mm__isnull", True),
                                    ("width_mm__isnull", True),
                                    ("height_mm__isnull", True),
                                    _connector="OR",
                                ),
                                name="sku_sizes_are_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Component",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.IntegerField()),
                        (
                            "merchant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.merchant"
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="catalog.sku",
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
                            models.UniqueConstraint(fields=("parent", "sku"), name="one_component"),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)), name="component_quantity_is_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("parent", models.F("sku")), _negated=True),
                                name="no_sku_contains_itself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Barcode",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=80)),
                        ("units", models.IntegerField(default=1)),
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="catalog.sku",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("merchant", "code"), name="one_barcode")],
                    },
                ),
            ],
        ),
    ]
