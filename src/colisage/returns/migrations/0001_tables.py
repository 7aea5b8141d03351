import colisage.kit.tables
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_tables"),
        ("network", "0001_tables"),
        ("orders", "0001_tables"),
        ("people", "0001_tables"),
    ]

    operations = [
        colisage.kit.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name="ReturnPolicy",
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
                        ("window_days", models.SmallIntegerField(default=30)),
                        (
                            "payer",
                            models.CharField(
                                choices=[
                                    ("merchant", "we pay for the way back"),
                                    ("customer", "the customer pays for the way back"),
                                ],
                                default="merchant",
                                max_length=10,
                            ),
                        ),
                        ("label_fee_cents", models.IntegerField(default=0)),
                        ("approves_alone", models.BooleanField(default=True)),
                        ("refunds_shipping", models.BooleanField(default=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("window_days__gte", 14)), name="return_window_is_legal"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("label_fee_cents__gte", 0)), name="return_fee_is_a_fee"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnRequest",
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
                                    ("requested", "asked for"),
                                    ("approved", "approved"),
                                    ("label_sent", "label sent"),
                                    ("received", "received"),
                                    ("inspected", "inspected"),
                                    ("refunded", "refund due"),
                                    ("closed", "closed"),
                                    ("refused", "refused"),
                                ],
                                default="requested",
                                max_length=12,
                            ),
                        ),
                        ("note", models.TextField(blank=True)),
                        ("prepaid", models.BooleanField(default=True)),
                        ("fee_cents", models.IntegerField(default=0)),
                        ("currency", models.CharField(max_length=3)),
                        ("asked_by", models.CharField(max_length=20)),
                        ("refusal", models.CharField(blank=True, max_length=300)),
                        ("tracking_number", models.CharField(blank=True, max_length=40)),
                        ("label", models.JSONField(null=True)),
                        ("specimen", models.BooleanField(default=True)),
                        ("requested_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("approved_at", models.DateTimeField(null=True)),
                        ("received_at", models.DateTimeField(null=True)),
                        ("inspected_at", models.DateTimeField(null=True)),
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
                            models.Index(fields=["merchant", "state", "-id"], name="returns_of_merchant"),
                            models.Index(
                                condition=models.Q(("state__in", ["approved", "label_sent", "received"])),
                                fields=["node", "state"],
                                name="returns_at_node",
                            ),
                            models.Index(
                                condition=models.Q(("tracking_number", ""), _negated=True),
                                fields=["tracking_number"],
                                name="return_by_tracking",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.IntegerField()),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("changed_mind", "changed their mind"),
                                    ("too_small", "too small"),
                                    ("too_large", "too large"),
                                    ("not_as_described", "not as described"),
                                    ("damaged", "arrived damaged"),
                                    ("faulty", "does not work"),
                                    ("wrong_item", "the wrong item"),
                                    ("late", "came too late"),
                                    ("undelivered", "could not be delivered"),
                                ],
                                max_length=20,
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
                            "order_line",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.orderline",
                            ),
                        ),
                        (
                            "return_request",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="returns.returnrequest",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("return_request", "order_line"), name="one_return_line"),
                            models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="return_is_of_units"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("expected", models.IntegerField()),
                        ("received", models.IntegerField(default=0)),
                        ("inspected", models.IntegerField(default=0)),
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
                            "line",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="returns.returnline",
                            ),
                        ),
                        (
                            "return_request",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="returns.returnrequest",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("return_request", "line", "sku"), name="one_return_item"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("expected__gt", 0),
                                    ("inspected__gte", 0),
                                    ("inspected__lte", models.F("received")),
                                    ("received__lte", models.F("expected")),
                                ),
                                name="return_item_counts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Refund",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("goods_cents", models.BigIntegerField()),
                        ("tax_cents", models.BigIntegerField()),
                        ("shipping_cents", models.BigIntegerField(default=0)),
                        ("fee_cents", models.BigIntegerField(default=0)),
                        ("total_cents", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3)),
                        (
                            "state",
                            models.CharField(
                                choices=[("due", "to be paid back"), ("done", "paid back")], default="due", max_length=4
                            ),
                        ),
                        ("reference", models.CharField(blank=True, max_length=80)),
                        ("due_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                            "order",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.order",
                            ),
                        ),
                        (
                            "return_request",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="returns.returnrequest",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "due")), fields=["merchant", "id"], name="refund_due"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("return_request",), name="one_refund_per_return"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "total_cents",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("goods_cents"), "+", models.F("tax_cents")
                                                ),
                                                "+",
                                                models.F("shipping_cents"),
                                            ),
                                            "-",
                                            models.F("fee_cents"),
                                        ),
                                    ),
                                    ("total_cents__gte", 0),
                                ),
                                name="refund_adds_up",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RefundLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.IntegerField()),
                        ("goods_cents", models.BigIntegerField()),
                        ("tax_cents", models.BigIntegerField()),
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
                            "order_line",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.orderline",
                            ),
                        ),
                        (
                            "refund",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="returns.refund",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("refund", "order_line"), name="one_refund_line"),
                            models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="refund_is_of_units"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Inspection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.IntegerField()),
                        (
                            "grade",
                            models.CharField(
                                choices=[
                                    ("a", "as new"),
                                    ("b", "opened, complete"),
                                    ("c", "worn or incomplete"),
                                    ("broken", "broken"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "disposition",
                            models.CharField(
                                choices=[
                                    ("restock", "back to the shelf"),
                                    ("quarantine", "set aside"),
                                    ("refurbish", "to repair"),
                                    ("destroy", "throw away"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("place_code", models.CharField(blank=True, max_length=30)),
                        ("by_name", models.CharField(max_length=150)),
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
                            "item",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="returns.returnitem",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)), name="inspection_is_of_units"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
