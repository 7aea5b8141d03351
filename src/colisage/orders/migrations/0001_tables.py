import colisage.kit.tables
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_tables"),
        ("network", "0001_tables"),
        ("people", "0001_tables"),
    ]

    operations = [
        colisage.kit.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name="Order",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("external_ref", models.CharField(max_length=300)),
                        ("number", models.CharField(max_length=300)),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "open"), ("closed", "closed"), ("cancelled", "cancelled")],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        (
                            "payment",
                            models.CharField(
                                choices=[
                                    ("paid", "paid"),
                                    ("authorized", "authorised"),
                                    ("pending", "pending"),
                                    ("refunded", "refunded"),
                                    ("unknown", "unknown"),
                                ],
                                default="unknown",
                                max_length=10,
                            ),
                        ),
                        ("placed_at", models.DateTimeField()),
                        ("accepted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("currency", models.CharField(max_length=3)),
                        ("shipping_cents", models.BigIntegerField(default=0)),
                        ("discount_cents", models.BigIntegerField(default=0)),
                        ("charges_cents", models.BigIntegerField(default=0)),
                        ("charges", models.JSONField(default=list)),
                        ("tax_cents", models.BigIntegerField(default=0)),
                        ("total_cents", models.BigIntegerField(default=0)),
                        ("prices_include_tax", models.BooleanField(default=True)),
                        ("email", models.CharField(blank=True, max_length=300)),
                        ("phone", models.CharField(blank=True, max_length=300)),
                        ("customer_name", models.CharField(blank=True, max_length=300)),
                        ("language", models.CharField(default="fr", max_length=2)),
                        ("ship_to", models.JSONField(null=True)),
                        ("bill_to", models.JSONField(null=True)),
                        ("shipping_method", models.CharField(blank=True, max_length=300)),
                        ("promised_on", models.DateField(null=True)),
                        ("wanted_on", models.DateField(null=True)),
                        ("customer_note", models.TextField(blank=True)),
                        ("gift_note", models.TextField(blank=True)),
                        ("tags", models.JSONField(default=list)),
                        ("fingerprint", models.CharField(blank=True, max_length=32)),
                        ("quiet", models.BooleanField(default=False)),
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
                            "number_key",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.text.Upper("number"),
                                output_field=models.CharField(db_collation="C", max_length=300),
                            ),
                        ),
                        (
                            "email_key",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.text.Upper("email"),
                                output_field=models.CharField(db_collation="C", max_length=300),
                            ),
                        ),
                        (
                            "customer_key",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.text.Upper("customer_name"),
                                output_field=models.CharField(db_collation="C", max_length=300),
                            ),
                        ),
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
                            models.Index(
                                condition=models.Q(("state", "open"), ("wanted_on__isnull", False)),
                                fields=["merchant", "wanted_on"],
                                name="orders_wanted",
                            ),
                            models.Index(
                                condition=models.Q(("state", "cancelled")),
                                fields=["merchant", "-id"],
                                name="orders_cancelled",
                            ),
                            models.Index(fields=["number_key", "merchant"], name="orders_by_number"),
                            models.Index(fields=["email_key", "merchant"], name="orders_by_email"),
                            models.Index(fields=["customer_key", "merchant"], name="orders_by_customer"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("channel", "external_ref"), name="one_order_per_reference")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Hold",
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
                                    ("address", "address"),
                                    ("payment", "payment"),
                                    ("unknown_sku", "unknown SKU"),
                                    ("duplicate", "possible duplicate"),
                                    ("money", "amounts do not add up"),
                                    ("risk", "risk"),
                                    ("disruption", "disruption"),
                                    ("manual", "by hand"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=60)),
                        ("owner_id", models.BigIntegerField(null=True)),
                        ("until", models.DateField(null=True)),
                        ("set_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("released_at", models.DateTimeField(null=True)),
                        ("released_by", models.CharField(blank=True, max_length=150)),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.order",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("released_at__isnull", True)),
                                fields=["merchant", "order"],
                                name="hold_open",
                            ),
                            models.Index(
                                condition=models.Q(("released_at__isnull", True)),
                                fields=["merchant", "id"],
                                name="hold_inbox",
                            ),
                            models.Index(
                                condition=models.Q(("released_at__isnull", True), ("until__isnull", False)),
                                fields=["until"],
                                name="hold_until",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FulfillmentOrder",
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
                                    ("sale", "sale"),
                                    ("transfer", "transfer"),
                                    ("supplier_return", "return to supplier"),
                                    ("rework", "rework"),
                                ],
                                default="sale",
                                max_length=16,
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("waiting", "owed"),
                                    ("ready", "to pick"),
                                    ("released", "in a wave"),
                                    ("picking", "being picked"),
                                    ("picked", "to pack"),
                                    ("packed", "to label"),
                                    ("labelling", "label requested"),
                                    ("labelled", "to hand over"),
                                    ("handed_over", "on the road"),
                                    ("delivered", "delivered"),
                                    ("problem", "problem"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="ready",
                                max_length=12,
                            ),
                        ),
                        ("stage_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("held", models.BooleanField(default=False)),
                        ("ship_by", models.DateTimeField(null=True)),
                        ("priority", models.SmallIntegerField(default=0)),
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
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="network.node",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.order",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("stage__in", ["delivered", "cancelled"]), _negated=True),
                                fields=["node", "stage", "ship_by"],
                                name="fulfillment_open",
                            ),
                            models.Index(
                                condition=models.Q(("stage__in", ["delivered", "cancelled"]), _negated=True),
                                fields=["merchant", "stage"],
                                name="fulfillment_of_merchant",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrderChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.SmallIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("lines", "articles"),
                                    ("cancel", "cancelled in part"),
                                    ("address", "address"),
                                    ("contact", "contact"),
                                    ("delivery", "delivery"),
                                    ("notes", "notes"),
                                    ("split", "sent in parts"),
                                    ("merge", "sent together"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=60)),
                        ("before", models.JSONField(default=dict)),
                        ("after", models.JSONField(default=dict)),
                        ("price_cents", models.BigIntegerField(default=0)),
                        ("currency", models.CharField(max_length=3)),
                        ("given_back", models.IntegerField(default=0)),
                        ("held", models.IntegerField(default=0)),
                        ("owed", models.IntegerField(default=0)),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("person", "a person"),
                                    ("channel", "the shop"),
                                    ("api", "the API"),
                                    ("customer", "the customer"),
                                ],
                                default="person",
                                max_length=10,
                            ),
                        ),
                        ("key", models.CharField(blank=True, max_length=200)),
                        ("actor_kind", models.CharField(max_length=12)),
                        ("actor_id", models.BigIntegerField(null=True)),
                        ("actor_name", models.CharField(blank=True, max_length=150)),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.order",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("order", "number"), name="one_change_number"),
                            models.UniqueConstraint(
                                condition=models.Q(("key", ""), _negated=True),
                                fields=("order", "key"),
                                name="one_change_per_key",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrderLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.SmallIntegerField()),
                        ("sku_code", models.CharField(max_length=300)),
                        ("name", models.CharField(blank=True, max_length=300)),
                        ("quantity", models.IntegerField()),
                        ("cancelled", models.IntegerField(default=0)),
                        ("joined", models.IntegerField(db_default=0)),
                        ("joined_tax_cents", models.BigIntegerField(db_default=0)),
                        ("unit_price_cents", models.BigIntegerField(default=0)),
                        ("discount_cents", models.BigIntegerField(default=0)),
                        ("tax_cents", models.BigIntegerField(default=0)),
                        ("requires_shipping", models.BooleanField(default=True)),
                        ("recipe", models.JSONField(null=True)),
                        ("external_ref", models.CharField(blank=True, max_length=300)),
                        ("personalisation", models.TextField(blank=True)),
                        ("served_by", models.CharField(blank=True, max_length=80)),
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
                            "order",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.order",
                            ),
                        ),
                        (
                            "sku",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
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
                                    ("quantity__gt", 0), ("cancelled__gte", 0), ("cancelled__lte", models.F("quantity"))
                                ),
                                name="line_quantity_is_positive",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FulfillmentLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.IntegerField()),
                        ("reservation_id", models.BigIntegerField(null=True)),
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
                            "fulfillment_order",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.fulfillmentorder",
                            ),
                        ),
                        (
                            "order_line",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.orderline",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gte", 0)), name="fulfillment_is_of_units"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Backorder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("on", models.DateField(null=True)),
                        ("why", models.CharField(max_length=10)),
                        ("before", models.DateField(null=True)),
                        ("told_on", models.DateField(null=True)),
                        ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.order",
                            ),
                        ),
                        (
                            "order_line",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.orderline",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="TurnRule",
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
                                    ("express", "the delivery chosen"),
                                    ("wanted", "the wanted day, the nearest first"),
                                    ("tag", "a tag"),
                                    ("channel", "a sales channel"),
                                    ("business", "a firm that orders"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("value", models.CharField(blank=True, max_length=200)),
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
                            models.UniqueConstraint(fields=("merchant", "position"), name="one_turn_rule")
                        ],
                    },
                ),
            ],
        ),
    ]
