"""What every step writes besides its own tables: events, the cursors that read them, and the audit."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now


class XidField(models.BigIntegerField):  # type: ignore[type-arg]
    """A full transaction id (`xid8`), read as an integer."""

    def db_type(self, connection: object) -> str:
        """Name the column type."""
        return "xid8"

    def get_db_prep_value(self, value: int | None, connection: object, prepared: bool = False) -> str | None:  # noqa: FBT001, FBT002
        """Hand the id over as text: there is no cast from bigint."""
        return None if value is None else str(value)


class CurrentTransaction(models.Func):
    """The id of the transaction that writes."""

    function = "pg_current_xact_id"
    output_field = XidField()


class Event(models.Model):
    """Something that happened, told to later steps through the journey. Written in the transaction of the fact."""

    stream = models.CharField(max_length=60)  # the thing it happened to, such as "order:17": order is kept within it
    shard = models.SmallIntegerField()
    kind = models.CharField(max_length=60)
    which = models.CharField(max_length=40, blank=True, db_default="")  # of its kind: what handlers may choose by
    payload = models.JSONField()
    merchant_id = models.BigIntegerField(null=True)
    occurred_at = models.DateTimeField(db_default=Now())
    xid = XidField(db_default=CurrentTransaction())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["shard", "xid", "id"], name="event_by_shard"),
            models.Index(fields=["stream", "id"], name="event_by_stream"),
        ]


class Cursor(models.Model):
    """How far one handler has read one shard: every event of an older transaction than `next_xid` is handled."""

    handler = models.CharField(max_length=120)
    shard = models.SmallIntegerField()
    next_xid = XidField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["handler", "shard"], name="one_cursor")]


class Parked(models.Model):
    """An event a handler failed on, or a later one of the same stream; it waits for a person to retry or skip it."""

    handler = models.CharField(max_length=120)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=60)
    merchant_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)  # empty: waits behind an earlier one
    parked_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["handler", "event"], name="parked_once")]
        indexes: ClassVar = [models.Index(fields=["handler", "stream", "event"], name="parked_stream")]


class AuditEntry(models.Model):
    """Who did what to which document, when, from where. Append-only; the timelines of the screens are read from it."""

    merchant_id = models.BigIntegerField(null=True)
    operator_id = models.BigIntegerField(null=True)
    doc_kind = models.CharField(max_length=30)
    doc_id = models.BigIntegerField()
    verb = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150, blank=True)
    address = models.GenericIPAddressField(null=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["doc_kind", "doc_id", "id"], name="audit_of_document"),
            BrinIndex(fields=["at"], name="audit_by_time", autosummarize=True),  # rows come in the order of time
        ]


class Photo(models.Model):
    """A photo of a document, in a file of ours; the row says whose it is."""

    merchant_id = models.BigIntegerField()
    doc_kind = models.CharField(max_length=30)
    doc_id = models.BigIntegerField()
    file_name = models.CharField(max_length=200)  # in the storage of photos
    size = models.IntegerField()  # bytes
    width_px = models.IntegerField()
    height_px = models.IntegerField()
    digest = models.CharField(max_length=64)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["doc_kind", "doc_id", "id"], name="photos_of_document")]


class Receipt(models.Model):
    """The answer to a request that carried an idempotency key, so that the same request again gets the same answer."""

    owner = models.CharField(max_length=60)  # the API key or person the idempotency key belongs to
    key = models.CharField(max_length=255)
    digest = models.BinaryField()  # of method, path and body
    status = models.SmallIntegerField(null=True)  # null while in flight
    body = models.BinaryField(null=True)
    at = models.DateTimeField(db_default=Now())
    merchants = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "key"], name="one_receipt")]


class Use(models.Model):
    """How many requests a sender made in the latest window, over all processes, and when the last was."""

    owner = models.CharField(max_length=60, primary_key=True)  # as of a receipt: "key:17"
    window_number = models.BigIntegerField()
    used = models.IntegerField()
    at = models.DateTimeField(db_default=Now())
