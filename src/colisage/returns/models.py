"""Goods on their way back: what a customer returns, what came, in what state, and what is paid back.

Money in minor units of `currency`. A return speaks of order lines (what was bought and is paid back) and of items
(what lies on the table): a bundle is one line and comes back as its components.
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import Sku
from colisage.network.models import Node
from colisage.orders.models import Order, OrderLine
from colisage.people.models import Merchant


class Payer(models.TextChoices):
    """Who pays for the way back."""

    MERCHANT = "merchant", _("we pay for the way back")
    CUSTOMER = "customer", _("the customer pays for the way back")


class ReturnPolicy(models.Model):
    """What a merchant promises about returns; a merchant without a row has the defaults.

    The window is at least 14 days: European consumers have that right whatever a shop writes.
    """

    merchant = models.OneToOneField(Merchant, on_delete=models.PROTECT, primary_key=True, related_name="+")
    window_days = models.SmallIntegerField(default=30)  # from the delivery of the last parcel
    payer = models.CharField(max_length=10, choices=Payer.choices, default=Payer.MERCHANT)
    label_fee_cents = models.IntegerField(default=0)  # kept back for our label when the customer pays
    approves_alone = models.BooleanField(default=True)  # a request within the rules needs no person
    refunds_shipping = models.BooleanField(default=True)  # when everything comes back

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(window_days__gte=14), name="return_window_is_legal"),
            models.CheckConstraint(condition=models.Q(label_fee_cents__gte=0), name="return_fee_is_a_fee"),
        ]


class ReturnState(models.TextChoices):
    """How far a return is."""

    REQUESTED = "requested", _("asked for")
    APPROVED = "approved", _("approved")  # the customer sends it at their own cost
    LABEL_SENT = "label_sent", _("label sent")
    RECEIVED = "received", _("received")
    INSPECTED = "inspected", _("inspected")
    REFUNDED = "refunded", _("refund due")
    CLOSED = "closed", _("closed")
    REFUSED = "refused", _("refused")


class ReturnRequest(models.Model):
    """A customer sends something back, to one node."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=ReturnState.choices, default=ReturnState.REQUESTED)
    note = models.TextField(blank=True)  # the customer's own words
    prepaid = models.BooleanField(default=True)
    fee_cents = models.IntegerField(default=0)  # kept back from the refund
    currency = models.CharField(max_length=3)
    asked_by = models.CharField(max_length=20)  # kind of actor: customer, person
    refusal = models.CharField(max_length=300, blank=True)
    external_ref = models.CharField(max_length=60, blank=True, db_default="")  # asked for in the shop: its own identity
    tracking_number = models.CharField(max_length=40, blank=True)
    label = models.JSONField(null=True)  # what is printed on it, kept as it was made
    specimen = models.BooleanField(default=True)
    requested_at = models.DateTimeField(db_default=Now())
    approved_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    inspected_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "external_ref"], name="one_return_of_the_shop", condition=~models.Q(external_ref="")
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "state", "-id"], name="returns_of_merchant"),
            models.Index(
                fields=["node", "state"],
                name="returns_at_node",
                condition=models.Q(state__in=["approved", "label_sent", "received"]),
            ),
            models.Index(
                fields=["tracking_number"], name="return_by_tracking", condition=~models.Q(tracking_number="")
            ),
        ]

    @property
    def number(self) -> str:
        """Give the number people call it by, and scan."""
        return f"R{self.pk:06d}"


class Reason(models.TextChoices):
    """Why something comes back."""

    CHANGED_MIND = "changed_mind", _("changed their mind")
    TOO_SMALL = "too_small", _("too small")
    TOO_LARGE = "too_large", _("too large")
    NOT_AS_DESCRIBED = "not_as_described", _("not as described")
    DAMAGED = "damaged", _("arrived damaged")
    FAULTY = "faulty", _("does not work")
    WRONG_ITEM = "wrong_item", _("the wrong item")
    LATE = "late", _("came too late")
    UNDELIVERED = "undelivered", _("could not be delivered")


class ReturnLine(models.Model):
    """Units of one order line that come back."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    return_request = models.ForeignKey(
        ReturnRequest, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    quantity = models.IntegerField()
    reason = models.CharField(max_length=20, choices=Reason.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["return_request", "order_line"], name="one_return_line"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="return_is_of_units"),
        ]


class ReturnItem(models.Model):
    """Units of one SKU on the returns table: expected from a line, and those that came."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    return_request = models.ForeignKey(
        ReturnRequest, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    expected = models.IntegerField()
    received = models.IntegerField(default=0)
    inspected = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["return_request", "line", "sku"], name="one_return_item"),
            models.CheckConstraint(
                condition=models.Q(expected__gt=0, inspected__gte=0)
                & models.Q(inspected__lte=models.F("received"))
                & models.Q(received__lte=models.F("expected")),
                name="return_item_counts",
            ),
        ]


class Grade(models.TextChoices):
    """In what state a unit came back."""

    A = "a", _("as new")
    B = "b", _("opened, complete")
    C = "c", _("worn or incomplete")
    BROKEN = "broken", _("broken")


class Disposition(models.TextChoices):
    """What becomes of a unit that came back."""

    RESTOCK = "restock", _("back to the shelf")
    QUARANTINE = "quarantine", _("set aside")
    REFURBISH = "refurbish", _("to repair")
    DESTROY = "destroy", _("throw away")


class Inspection(models.Model):
    """Units of an item judged together, and where they went."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(ReturnItem, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    quantity = models.IntegerField()
    grade = models.CharField(max_length=8, choices=Grade.choices)
    disposition = models.CharField(max_length=12, choices=Disposition.choices)
    place_code = models.CharField(max_length=30, blank=True)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="inspection_is_of_units")
        ]


class RefundState(models.TextChoices):
    """Whether the money went back."""

    DUE = "due", _("to be paid back")
    DONE = "done", _("paid back")


class Refund(models.Model):
    """What a customer gets back for a return: goods + tax + shipping + extra - fee. Paid in the shop's own system."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    return_request = models.ForeignKey(
        ReturnRequest, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    goods_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField()
    shipping_cents = models.BigIntegerField(default=0)
    extra_cents = models.BigIntegerField(default=0, db_default=0)  # tips and fees of the order
    fee_cents = models.BigIntegerField(default=0)
    total_cents = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=4, choices=RefundState.choices, default=RefundState.DUE)
    reference = models.CharField(max_length=80, blank=True)  # of the payment back, in the shop's system
    due_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["return_request"], name="one_refund_per_return"),
            models.CheckConstraint(
                condition=models.Q(
                    total_cents=models.F("goods_cents")
                    + models.F("tax_cents")
                    + models.F("shipping_cents")
                    + models.F("extra_cents")
                    - models.F("fee_cents")
                )
                & models.Q(total_cents__gte=0),
                name="refund_adds_up",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "id"], name="refund_due", condition=models.Q(state="due"))
        ]


class RefundLine(models.Model):
    """Units of one order line in a refund."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    quantity = models.IntegerField()
    goods_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["refund", "order_line"], name="one_refund_line"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="refund_is_of_units"),
        ]


class ShopRefund(models.Model):
    """Money that was paid back in the shop itself, told by it, once each by its own identity of it.

    `lines` are [order line or null, units, those of them that had left, how they are put back]. One that pays what was
    decided here (`settles`), or the goods of a return, is not paid a second time.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    key = models.CharField(max_length=60)
    at = models.DateTimeField(db_default=Now())
    total_cents = models.BigIntegerField()
    shipping_cents = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    lines = models.JSONField(default=list)
    return_request = models.ForeignKey(
        ReturnRequest, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    settles = models.BooleanField(default=False)
    told_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["order", "key"], name="shop_refund_once")]
