import colisage.kit.tables
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("boxing", "0001_tables"),
        ("catalog", "0001_tables"),
        ("orders", "0001_tables"),
        ("people", "0001_tables"),
    ]

    operations = [
        colisage.kit.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name="Parcel",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.SmallIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "to pack"), ("sealed", "sealed"), ("void", "void")],
                                default="open",
                                max_length=6,
                            ),
                        ),
                        ("expected_grams", models.IntegerField()),
                        ("grams", models.IntegerField(null=True)),
                        ("length_mm", models.IntegerField()),
                        ("width_mm", models.IntegerField()),
                        ("height_mm", models.IntegerField()),
                        ("layout", models.JSONField(default=list)),
                        ("remarks", models.JSONField(default=list)),
                        ("sealed_at", models.DateTimeField(null=True)),
                        ("sealed_by", models.CharField(blank=True, max_length=150)),
                        (
                            "box_type",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="boxing.boxtype",
                            ),
                        ),
                        (
                            "fulfillment_order",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
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
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["merchant", "fulfillment_order"], name="parcels_of_fulfillment")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "void"), _negated=True),
                                fields=("fulfillment_order", "number"),
                                name="one_parcel_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "sealed"), _negated=True),
                                    models.Q(("grams__isnull", False), ("sealed_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="sealed_parcels_are_weighed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ParcelLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.IntegerField()),
                        ("scanned", models.IntegerField(default=0)),
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
                            "merchant",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.merchant",
                            ),
                        ),
                        (
                            "parcel",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="packing.parcel",
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
                                condition=models.Q(
                                    ("quantity__gt", 0), ("scanned__gte", 0), ("scanned__lte", models.F("quantity"))
                                ),
                                name="parcel_line_is_of_units",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
