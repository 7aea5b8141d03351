import colisage.kit.tables
import django.db.models.deletion
import django.db.models.functions.datetime
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
                    name="CaptureJob",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key_id", models.BigIntegerField()),
                        ("key_name", models.CharField(max_length=80)),
                        ("behaviour", models.CharField(max_length=10)),
                        ("success", models.BooleanField()),
                        ("captured", models.IntegerField(default=0)),
                        ("known", models.IntegerField(default=0)),
                        ("errors", models.JSONField(default=list)),
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
                    ],
                    options={
                        "indexes": [models.Index(fields=["merchant", "-id"], name="capture_jobs_of_merchant")],
                    },
                ),
                migrations.CreateModel(
                    name="CapturedEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event_id", models.CharField(max_length=500)),
                        ("digest", models.BinaryField()),
                        ("type", models.CharField(max_length=300)),
                        ("action", models.CharField(blank=True, max_length=10)),
                        ("step", models.CharField(blank=True, max_length=300)),
                        ("disposition", models.CharField(blank=True, max_length=300)),
                        ("read_point", models.CharField(blank=True, max_length=500)),
                        ("biz_location", models.CharField(blank=True, max_length=500)),
                        ("occurred_at", models.DateTimeField()),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("body", models.JSONField()),
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
                            "job",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="connectors.capturejob",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["merchant", "id"], name="captured_of_merchant"),
                            models.Index(fields=["merchant", "occurred_at"], name="captured_by_time"),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("merchant", "event_id"), name="captured_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Connection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("connector", models.CharField(max_length=40)),
                        ("hook", models.CharField(max_length=43, unique=True)),
                        ("options", models.JSONField(default=dict)),
                        ("secrets", models.BinaryField()),
                        ("active", models.BooleanField(default=True)),
                        ("cursor", models.JSONField(default=dict)),
                        ("heard_at", models.DateTimeField(null=True)),
                        ("polled_at", models.DateTimeField(null=True)),
                        ("asked_at", models.DateTimeField(null=True)),
                        ("tried_at", models.DateTimeField(null=True)),
                        ("said", models.CharField(blank=True, max_length=200)),
                        ("problem", models.CharField(blank=True, max_length=40)),
                        ("problem_detail", models.CharField(blank=True, max_length=300)),
                        ("problem_since", models.DateTimeField(null=True)),
                        ("failures", models.IntegerField(default=0)),
                        ("next_poll_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "channel",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="network.channel",
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
                        "indexes": [models.Index(fields=["merchant"], name="connections_of_merchant")],
                    },
                ),
                migrations.CreateModel(
                    name="Errand",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=12)),
                        ("key", models.CharField(max_length=80)),
                        ("order_id", models.BigIntegerField(null=True)),
                        ("payload", models.JSONField(default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("unknown", "outcome unknown"),
                                    ("done", "told"),
                                    ("refused", "refused"),
                                    ("dropped", "dropped"),
                                ],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("tries", models.IntegerField(default=0)),
                        ("detail", models.CharField(blank=True, max_length=300)),
                        ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("next_try_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("done_at", models.DateTimeField(null=True)),
                        (
                            "connection",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="connectors.connection",
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
                                condition=models.Q(("state__in", ["waiting", "unknown"])),
                                fields=["connection", "next_try_at"],
                                name="errands_to_run",
                            ),
                            models.Index(fields=["connection", "-id"], name="errands_of_connection"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("connection", "kind", "key"), name="errand_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CapturedName",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("standing", models.CharField(max_length=12)),
                        ("uri", models.CharField(max_length=500)),
                        ("lot", models.CharField(blank=True, max_length=80)),
                        (
                            "event",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="connectors.capturedevent",
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
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.sku",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["merchant", "uri"], name="captured_by_name")],
                    },
                ),
            ],
        ),
    ]
