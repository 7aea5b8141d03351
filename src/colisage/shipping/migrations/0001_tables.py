import colisage.kit.tables
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("carriers", "0001_tables"),
        ("network", "0001_tables"),
        ("orders", "0001_tables"),
        ("packing", "0001_tables"),
        ("people", "0001_tables"),
    ]

    operations = [
        colisage.kit.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name="Manifest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("shipments", models.IntegerField()),
                        ("parcels", models.IntegerField()),
                        ("grams", models.BigIntegerField()),
                        ("closed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("closed_by", models.CharField(blank=True, max_length=150)),
                        ("announced_at", models.DateTimeField(null=True)),
                        (
                            "carrier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="carriers.carrier"
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
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.operator",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["operator", "-id"], name="manifests_of_operator")],
                    },
                ),
                migrations.CreateModel(
                    name="NumberRange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("prefix", models.CharField(max_length=2)),
                        ("country", models.CharField(max_length=2)),
                        ("next", models.IntegerField()),
                        ("last", models.IntegerField()),
                        (
                            "carrier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="carriers.carrier"
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
                            models.UniqueConstraint(fields=("operator", "carrier"), name="one_range_per_carrier"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("last__lte", 99999999),
                                    ("next__gte", 0),
                                    (
                                        "next__lte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("last"), "+", models.Value(1)
                                        ),
                                    ),
                                ),
                                name="range_has_eight_digits",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Shipment",
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
                                    ("requested", "label wanted"),
                                    ("unknown", "outcome unknown"),
                                    ("bought", "label there"),
                                    ("failed", "refused"),
                                    ("voiding", "being voided"),
                                    ("void", "void"),
                                    ("handed_over", "handed over"),
                                ],
                                default="requested",
                                max_length=12,
                            ),
                        ),
                        ("idempotency_key", models.CharField(max_length=40, unique=True)),
                        ("carrier_ref", models.CharField(blank=True, max_length=80)),
                        ("quoted_cents", models.IntegerField(default=0)),
                        ("currency", models.CharField(blank=True, max_length=3)),
                        ("promised_on", models.DateField(null=True)),
                        ("arrives_on", models.DateField(null=True)),
                        ("ship_by", models.DateTimeField(null=True)),
                        ("parcels", models.SmallIntegerField()),
                        ("grams", models.IntegerField()),
                        ("why", models.JSONField(default=dict)),
                        ("problem", models.CharField(blank=True, max_length=40)),
                        ("problem_text", models.CharField(blank=True, max_length=300)),
                        ("attempts", models.SmallIntegerField(default=0)),
                        ("asked_at", models.DateTimeField(null=True)),
                        ("requested_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "carrier",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="carriers.carrier",
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
                            "manifest",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="shipping.manifest",
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
                            "operator",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.operator",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.order",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="carriers.service",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["merchant", "fulfillment_order"], name="shipments_of_fulfillment"),
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ["requested", "unknown", "bought", "failed", "voiding"])
                                ),
                                fields=["node", "state", "carrier"],
                                name="shipment_open",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["failed", "void", "voiding"]), _negated=True),
                                fields=("fulfillment_order",),
                                name="one_living_shipment",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Label",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("tracking_number", models.CharField(max_length=40)),
                        ("specimen", models.BooleanField(default=True)),
                        ("face", models.JSONField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("good", "good"), ("void", "void")], default="good", max_length=4
                            ),
                        ),
                        ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("printed_at", models.DateTimeField(null=True)),
                        (
                            "carrier",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="carriers.carrier",
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
                            "shipment",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="shipping.shipment",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("tracking_number", "carrier"), name="one_label_per_number"),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "good")), fields=("parcel",), name="one_good_label"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CarrierAccount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("connector", models.CharField(max_length=40)),
                        ("active", models.BooleanField(default=True)),
                        (
                            "carrier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="carriers.carrier"
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
                            models.UniqueConstraint(fields=("operator", "carrier"), name="one_account_per_carrier")
                        ],
                    },
                ),
            ],
        ),
    ]
