import colisage.kit.tables
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orders", "0001_tables"),
        ("people", "0001_tables"),
    ]

    operations = [
        colisage.kit.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name="WebhookEndpoint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("url", models.CharField(max_length=500)),
                        ("note", models.CharField(blank=True, max_length=120)),
                        (
                            "events",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), default=list, size=None
                            ),
                        ),
                        ("secret", models.BinaryField()),
                        ("former_secret", models.BinaryField(null=True)),
                        ("former_until", models.DateTimeField(null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("on", "on"),
                                    ("off", "switched off"),
                                    ("broken", "switched off: it does not answer"),
                                    ("gone", "removed"),
                                ],
                                default="on",
                                max_length=6,
                            ),
                        ),
                        ("failures", models.IntegerField(default=0)),
                        ("failing_since", models.DateTimeField(null=True)),
                        ("paused_until", models.DateTimeField(null=True)),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "merchant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.merchant"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Message",
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
                                    ("confirmed", "order confirmed"),
                                    ("shipped", "parcel handed over"),
                                    ("out_for_delivery", "out for delivery"),
                                    ("ready_for_pickup", "ready to collect"),
                                    ("delivered", "delivered"),
                                    ("delayed", "delayed"),
                                    ("failed", "not delivered"),
                                    ("cancelled", "order cancelled"),
                                    ("redated", "another day promised"),
                                    ("return_asked", "return asked for"),
                                    ("return_label", "return approved"),
                                    ("return_refused", "return refused"),
                                    ("return_received", "return received"),
                                    ("refunded", "refund decided"),
                                    ("problem", "a customer reports a problem"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("doc", models.CharField(max_length=60)),
                        ("language", models.CharField(max_length=2)),
                        ("to", models.CharField(max_length=300)),
                        ("reply_to", models.CharField(blank=True, max_length=300)),
                        ("subject", models.CharField(max_length=300)),
                        ("text", models.TextField()),
                        ("html", models.TextField(blank=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "to send"),
                                    ("sending", "being sent"),
                                    ("sent", "sent"),
                                    ("failed", "refused"),
                                    ("unknown", "outcome unknown"),
                                    ("quiet", "not sent on purpose"),
                                ],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("attempts", models.SmallIntegerField(default=0)),
                        ("last_error", models.CharField(blank=True, max_length=300)),
                        ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("next_try_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("claimed_at", models.DateTimeField(null=True)),
                        ("sent_at", models.DateTimeField(null=True)),
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
                            models.Index(fields=["merchant", "-id"], name="messages_of_merchant"),
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "sending"])),
                                fields=["next_try_at"],
                                name="message_to_send",
                            ),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("kind", "doc"), name="one_message_per_fact")],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookCall",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("message_id", models.CharField(max_length=40)),
                        ("type", models.CharField(max_length=40)),
                        ("body", models.TextField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "to send"),
                                    ("sending", "being sent"),
                                    ("sent", "delivered"),
                                    ("failed", "given up"),
                                    ("kept", "kept while switched off"),
                                ],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("attempts", models.SmallIntegerField(default=0)),
                        ("tries", models.JSONField(default=list)),
                        ("next_try_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("claimed_at", models.DateTimeField(null=True)),
                        ("sent_at", models.DateTimeField(null=True)),
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
                            "endpoint",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="notices.webhookendpoint",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["merchant", "-id"], name="calls_of_merchant"),
                            models.Index(fields=["endpoint", "-id"], name="calls_of_endpoint"),
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["endpoint", "next_try_at", "id"],
                                name="call_to_make",
                            ),
                            models.Index(
                                condition=models.Q(("state", "sending")), fields=["claimed_at"], name="call_being_made"
                            ),
                            models.Index(fields=["created_at"], name="calls_by_time"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("endpoint", "message_id"), name="one_call_per_message")
                        ],
                    },
                ),
            ],
        ),
    ]
