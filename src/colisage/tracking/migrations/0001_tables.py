import colisage.kit.tables
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("carriers", "0001_tables"),
        ("orders", "0001_tables"),
        ("packing", "0001_tables"),
        ("people", "0001_tables"),
    ]

    operations = [
        colisage.kit.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name="Track",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("tracking_number", models.CharField(max_length=40)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("pending", "announced"),
                                    ("picked_up", "with the carrier"),
                                    ("in_transit", "on its way"),
                                    ("out_for_delivery", "out for delivery"),
                                    ("ready_for_pickup", "ready to collect"),
                                    ("delivered", "delivered"),
                                    ("delayed", "delayed"),
                                    ("failed", "not delivered"),
                                    ("returning", "on its way back"),
                                    ("returned", "back at the sender"),
                                    ("unknown", "not known"),
                                ],
                                default="pending",
                                max_length=16,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=40)),
                        ("place", models.CharField(blank=True, max_length=120)),
                        ("status_at", models.DateTimeField(null=True)),
                        ("expected_on", models.DateField(null=True)),
                        ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                            "order",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.order",
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
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ["delivered", "returned"]), _negated=True),
                                fields=["merchant", "status"],
                                name="track_on_the_road",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("tracking_number", "carrier"), name="one_track_per_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrackingEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=120)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("pending", "announced"),
                                    ("picked_up", "with the carrier"),
                                    ("in_transit", "on its way"),
                                    ("out_for_delivery", "out for delivery"),
                                    ("ready_for_pickup", "ready to collect"),
                                    ("delivered", "delivered"),
                                    ("delayed", "delayed"),
                                    ("failed", "not delivered"),
                                    ("returning", "on its way back"),
                                    ("returned", "back at the sender"),
                                    ("unknown", "not known"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=40)),
                        ("code", models.CharField(blank=True, max_length=40)),
                        ("place", models.CharField(blank=True, max_length=120)),
                        ("occurred_at", models.DateTimeField()),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                            "track",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="tracking.track",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("track", "key"), name="told_once")],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookDelivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=40)),
                        ("message_id", models.CharField(max_length=200)),
                        ("body", models.BinaryField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "to read"),
                                    ("applied", "read"),
                                    ("unclaimed", "of no parcel of ours"),
                                    ("unreadable", "cannot be read"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("problem", models.CharField(blank=True, max_length=300)),
                        ("received_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("applied_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "unclaimed"])),
                                fields=["id"],
                                name="delivery_waiting",
                            )
                        ],
                        "constraints": [models.UniqueConstraint(fields=("source", "message_id"), name="one_delivery")],
                    },
                ),
            ],
        ),
    ]
