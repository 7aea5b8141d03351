import colisage.kit.tables
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0001_tables"),
        ("orders", "0001_tables"),
        ("people", "0001_tables"),
    ]

    operations = [
        colisage.kit.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name="ImportRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("file_name", models.CharField(max_length=255)),
                        ("path", models.CharField(max_length=500)),
                        ("format", models.CharField(blank=True, max_length=30)),
                        ("options", models.JSONField(default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("reading", "being read"),
                                    ("done", "done"),
                                    ("refused", "refused"),
                                ],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("problems", models.JSONField(default=dict)),
                        ("size_bytes", models.BigIntegerField(default=0)),
                        ("read_bytes", models.BigIntegerField(default=0)),
                        ("items", models.IntegerField(default=0)),
                        ("rows", models.IntegerField(default=0)),
                        ("orders", models.IntegerField(default=0)),
                        ("lines", models.IntegerField(default=0)),
                        ("cancelled", models.IntegerField(default=0)),
                        ("ignored", models.JSONField(default=dict)),
                        ("refused", models.JSONField(default=dict)),
                        ("columns", models.JSONField(default=list)),
                        ("delimiter", models.CharField(default=",", max_length=1)),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("by_name", models.CharField(blank=True, max_length=150)),
                        ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.channel"
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
                        "indexes": [models.Index(fields=["merchant", "-id"], name="imports_of_merchant")],
                    },
                ),
                migrations.CreateModel(
                    name="RefusedRow",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="intake.importrun",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("run", "number"), name="refused_once")],
                    },
                ),
                migrations.CreateModel(
                    name="ShopMessage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("connector", models.CharField(max_length=40)),
                        ("via", models.CharField(max_length=8)),
                        ("topic", models.CharField(blank=True, max_length=80)),
                        ("key", models.CharField(max_length=200)),
                        ("body", models.BinaryField()),
                        ("received_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "to read"),
                                    ("done", "done"),
                                    ("ignored", "nothing to do"),
                                    ("refused", "to correct"),
                                ],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("external_ref", models.CharField(blank=True, max_length=300)),
                        ("number", models.CharField(blank=True, max_length=300)),
                        ("version", models.DateTimeField(null=True)),
                        ("outcome", models.CharField(blank=True, max_length=20)),
                        ("reason", models.CharField(blank=True, max_length=40)),
                        ("detail", models.CharField(blank=True, max_length=300)),
                        ("order_id", models.BigIntegerField(null=True)),
                        ("by_name", models.CharField(blank=True, max_length=150)),
                        ("tries", models.IntegerField(default=0)),
                        ("read_at", models.DateTimeField(null=True)),
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
                            "corrects",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="intake.shopmessage",
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
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["channel", "id"],
                                name="shop_messages_to_read",
                            ),
                            models.Index(fields=["merchant", "-id"], name="shop_messages_of_merchant"),
                            models.Index(
                                condition=models.Q(("state", "refused")),
                                fields=["merchant", "-id"],
                                name="shop_messages_refused",
                            ),
                            models.Index(fields=["channel", "external_ref", "-version"], name="shop_messages_of_order"),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("channel", "key"), name="shop_message_once")],
                    },
                ),
                migrations.CreateModel(
                    name="AddressCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("faults", models.JSONField(default=list)),
                        ("suggestion", models.JSONField(null=True)),
                        ("phone", models.CharField(blank=True, max_length=20)),
                        ("looked_at", models.JSONField(null=True)),
                        ("phone_looked_at", models.CharField(blank=True, max_length=300)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "to settle"),
                                    ("accepted", "suggestion taken"),
                                    ("kept", "kept as written"),
                                    ("solved", "solved"),
                                ],
                                default="open",
                                max_length=8,
                            ),
                        ),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("settled_by", models.CharField(blank=True, max_length=150)),
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
                            models.UniqueConstraint(
                                condition=models.Q(("state", "open")), fields=("order",), name="one_open_check"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
