"""Files of orders on their way in: what was sent, how far it is read, and the rows that came back."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from colisage.kit import sent_files
from colisage.network.models import Channel
from colisage.orders.models import Order
from colisage.people.models import Merchant


class ImportState(models.TextChoices):
    """How far an import is."""

    COLUMNS = "columns", _("columns to point at")
    WAITING = "waiting", _("waiting")
    READING = "reading", _("being read")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")  # the file as a whole: `problem` says why


class ColumnMapping(models.Model):
    """Which column of a shop's files holds what, as a person pointed at them once."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    name = models.CharField(max_length=80)
    headers = models.JSONField(default=list)  # of the file it was made for, as it names them
    places = models.JSONField(default=dict)  # our name of a column to the file's, folded
    options = models.JSONField(default=dict)  # dates, mark, prices, payment, currency: what the file does not say
    by_name = models.CharField(max_length=150, blank=True)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "name"], name="one_mapping_of_a_name")]
        indexes: ClassVar = [models.Index(fields=["merchant", "channel"], name="mappings_of_merchant")]


class ImportRun(sent_files.ReadFile):
    """One file of orders. The four fates of its rows add up to `rows`."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=500)  # below the data directory
    format = models.CharField(max_length=30, blank=True)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.WAITING)
    problems = models.JSONField(default=dict)  # why the file as a whole is refused, in each language
    size_bytes = models.BigIntegerField(default=0)
    read_bytes = models.BigIntegerField(default=0)
    items = models.IntegerField(default=0)  # orders and fates dealt with: where a restart goes on
    rows = models.IntegerField(default=0)
    orders = models.IntegerField(default=0)
    lines = models.IntegerField(default=0)
    cancelled = models.IntegerField(default=0)
    by_id = models.BigIntegerField(null=True)
    finished_at = models.DateTimeField(null=True)

    @property
    def problem(self) -> str:
        """Say why the file as a whole is refused, in the reader's language; empty when it is not."""
        return str(self.problems.get(get_language() or "en", ""))

    @property
    def expected_rows(self) -> int:
        """Give how many rows the file has at most, once it was looked through; 0 before."""
        return max(int(self.options.get("lines", 0)) - 1, self.rows) if self.options.get("lines") else 0


class RefusedRow(sent_files.RefusedRow):
    """A row that could not be taken; rows of one order belong together. `made_id` is the order it became part of."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False)


class MessageState(models.TextChoices):
    """How far a message of a shop is."""

    WAITING = "waiting", _("to read")
    DONE = "done", _("done")
    IGNORED = "ignored", _("nothing to do")
    REFUSED = "refused", _("to correct")


class ShopMessage(models.Model):
    """One message of a shop, kept as it came: the beginning of an order, and the proof of what was said.

    A webhook, an answer to our asking, or what a person corrected. The stages: kept (signature and double checked at
    the door), read (translated), decided (what it changes here). `key` is the shop's own identity of the message.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    connector = models.CharField(max_length=40)
    via = models.CharField(max_length=8)  # webhook, poll, file, hand
    topic = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=200)
    body = models.BinaryField()  # sealed; emptied when it may not be kept longer
    received_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=8, choices=MessageState.choices, default=MessageState.WAITING)
    external_ref = models.CharField(max_length=300, blank=True)  # of the order it is about, once it is read
    number = models.CharField(max_length=300, blank=True)
    version = models.DateTimeField(null=True)  # as the shop counts: what is older than what we know changes nothing
    outcome = models.CharField(max_length=20, blank=True)  # accepted, changed, cancelled, paid, …: what it did here
    reason = models.CharField(max_length=40, blank=True)  # a code of ports.REASONS or ports.MESSAGE_REASONS
    detail = models.CharField(max_length=300, blank=True)  # where exactly, in the words of the shop's format
    order_id = models.BigIntegerField(null=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    by_name = models.CharField(max_length=150, blank=True)  # who sent it in by hand, or set it aside
    tries = models.IntegerField(default=0)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "key"], name="shop_message_once")]
        indexes: ClassVar = [
            models.Index(fields=["channel", "id"], name="shop_messages_to_read", condition=models.Q(state="waiting")),
            models.Index(fields=["merchant", "-id"], name="shop_messages_refused", condition=models.Q(state="refused")),
            models.Index(fields=["channel", "external_ref", "-version"], name="shop_messages_of_order"),
        ]


class CheckState(models.TextChoices):
    """What became of a finding."""

    OPEN = "open", _("to settle")
    ACCEPTED = "accepted", _("suggestion taken")
    KEPT = "kept", _("kept as written")
    SOLVED = "solved", _("solved")


class AddressCheck(models.Model):
    """What was found about the delivery address of an order; one row for each time something was found."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    faults = models.JSONField(default=list)  # codes of orders.rules.HOLD_REASONS
    suggestion = models.JSONField(null=True)  # an address as `Order.ship_to`
    phone = models.CharField(max_length=20, blank=True)  # as the world dials it, where it is written otherwise
    looked_at = models.JSONField(null=True)  # the address that was judged: another one is judged anew
    phone_looked_at = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=CheckState.choices, default=CheckState.OPEN)
    at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order"], name="one_open_check", condition=models.Q(state="open"))
        ]
