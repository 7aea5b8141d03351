import colisage.kit.models
import colisage.kit.tables
import colisage.kit.walls
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(colisage.kit.walls.CREATE_ROLES, migrations.RunSQL.noop),
        colisage.kit.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name="Use",
                    fields=[
                        ("owner", models.CharField(max_length=60, primary_key=True, serialize=False)),
                        ("window_number", models.BigIntegerField()),
                        ("used", models.IntegerField()),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                ),
                migrations.CreateModel(
                    name="AuditEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("merchant_id", models.BigIntegerField(null=True)),
                        ("operator_id", models.BigIntegerField(null=True)),
                        ("doc_kind", models.CharField(max_length=30)),
                        ("doc_id", models.BigIntegerField()),
                        ("verb", models.CharField(max_length=60)),
                        ("actor_kind", models.CharField(max_length=20)),
                        ("actor_id", models.BigIntegerField(null=True)),
                        ("actor_name", models.CharField(blank=True, max_length=150)),
                        ("address", models.GenericIPAddressField(null=True)),
                        ("data", models.JSONField(default=dict)),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["doc_kind", "doc_id", "id"], name="audit_of_document"),
                            django.contrib.postgres.indexes.BrinIndex(
                                autosummarize=True, fields=["at"], name="audit_by_time"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Cursor",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("handler", models.CharField(max_length=120)),
                        ("shard", models.SmallIntegerField()),
                        ("next_xid", colisage.kit.models.XidField()),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("handler", "shard"), name="one_cursor")],
                    },
                ),
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("stream", models.CharField(max_length=60)),
                        ("shard", models.SmallIntegerField()),
                        ("kind", models.CharField(max_length=60)),
                        ("which", models.CharField(blank=True, db_default="", max_length=40)),
                        ("payload", models.JSONField()),
                        ("merchant_id", models.BigIntegerField(null=True)),
                        ("occurred_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("xid", colisage.kit.models.XidField(db_default=colisage.kit.models.CurrentTransaction())),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["shard", "xid", "id"], name="event_by_shard"),
                            models.Index(fields=["stream", "id"], name="event_by_stream"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Photo",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("merchant_id", models.BigIntegerField()),
                        ("doc_kind", models.CharField(max_length=30)),
                        ("doc_id", models.BigIntegerField()),
                        ("file_name", models.CharField(max_length=200)),
                        ("size", models.IntegerField()),
                        ("width_px", models.IntegerField()),
                        ("height_px", models.IntegerField()),
                        ("digest", models.CharField(max_length=64)),
                        ("by_name", models.CharField(max_length=150)),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "indexes": [models.Index(fields=["doc_kind", "doc_id", "id"], name="photos_of_document")],
                    },
                ),
                migrations.CreateModel(
                    name="Receipt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("owner", models.CharField(max_length=60)),
                        ("key", models.CharField(max_length=255)),
                        ("digest", models.BinaryField()),
                        ("status", models.SmallIntegerField(null=True)),
                        ("body", models.BinaryField(null=True)),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "merchants",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list, size=None
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("owner", "key"), name="one_receipt")],
                    },
                ),
                migrations.CreateModel(
                    name="Parked",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("handler", models.CharField(max_length=120)),
                        ("stream", models.CharField(max_length=60)),
                        ("merchant_id", models.BigIntegerField(null=True)),
                        ("reason", models.TextField(blank=True)),
                        ("parked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kit.event"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["handler", "stream", "event"], name="parked_stream")],
                        "constraints": [models.UniqueConstraint(fields=("handler", "event"), name="parked_once")],
                    },
                ),
            ],
        ),
    ]
