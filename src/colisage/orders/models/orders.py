"""The promise to the customer: orders, their lines, the part each node fulfils, and the reasons to wait."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import Sku
from colisage.network.models import Channel, Disruption, Node
from colisage.people.models import Merchant


class OrderState(models.TextChoices):
    """Where an order is as a whole; the details are in its fulfilment orders."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


class Payment(models.TextChoices):
    """What the shop says about the money."""

    PAID = "paid", _("paid")
    AUTHORIZED = "authorized", _("authorised")
    PENDING = "pending", _("pending")
    REFUNDED = "refunded", _("refunded")
    UNKNOWN = "unknown", _("unknown")


class Order(models.Model):
    """What a customer asked for. Money in minor units of `currency`."""

    merchant = models.ForeignKey(  # not checked by itself: the channel belongs to it
        Merchant, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    external_ref = models.CharField(max_length=300)  # the channel's own identity of the order
    number = models.CharField(max_length=300)  # what people call it
    number_key = models.GeneratedField(  # what it is found by, in any case
        expression=Upper("number"), output_field=models.CharField(max_length=300, db_collation="C"), db_persist=True
    )
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.OPEN)
    payment = models.CharField(max_length=10, choices=Payment.choices, default=Payment.UNKNOWN)
    placed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(db_default=Now())
    currency = models.CharField(max_length=3)
    shipping_cents = models.BigIntegerField(default=0)
    discount_cents = models.BigIntegerField(default=0)  # of the order as a whole, besides those of its lines
    charges_cents = models.BigIntegerField(default=0)  # the sum of `charges`
    charges = models.JSONField(default=list)  # [{kind, cents, name}]: tips, fees, duties, gift cards, rounding
    tax_cents = models.BigIntegerField(default=0)
    total_cents = models.BigIntegerField(default=0)
    prices_include_tax = models.BooleanField(default=True)
    email = models.CharField(max_length=300, blank=True)
    email_key = models.GeneratedField(  # what it is found by, in any case
        expression=Upper("email"), output_field=models.CharField(max_length=300, db_collation="C"), db_persist=True
    )
    phone = models.CharField(max_length=300, blank=True)
    customer_name = models.CharField(max_length=300, blank=True)
    customer_key = models.GeneratedField(  # what it is found by, in any case
        expression=Upper("customer_name"),
        output_field=models.CharField(max_length=300, db_collation="C"),
        db_persist=True,
    )
    language = models.CharField(max_length=2, default="fr")
    ship_to = models.JSONField(null=True)  # name, company, line1, line2, postcode, city, region, country, phone
    bill_to = models.JSONField(null=True)
    shipping_method = models.CharField(max_length=300, blank=True)
    promised_on = models.DateField(null=True)  # the merchant's word
    wanted_on = models.DateField(null=True)  # the day on which the customer, or the marketplace, asks for it (0038)
    customer_note = models.TextField(blank=True)
    gift_note = models.TextField(blank=True)
    purchase_reference = models.CharField(
        max_length=300, blank=True, db_default=""
    )  # a firm's own, of its purchase order
    tags = models.JSONField(default=list)
    fingerprint = models.CharField(
        max_length=32, blank=True
    )  # of what came: the same reference with other content differs
    quiet = models.BooleanField(default=False)  # historic: no messages, no labels, no webhooks

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "external_ref"], name="one_order_per_reference")
        ]
        indexes: ClassVar = [
            models.Index(  # few are: without it, their list reads all orders
                fields=["merchant", "-id"], name="orders_cancelled", condition=models.Q(state="cancelled")
            ),
            models.Index(fields=["merchant", "id"], name="orders_quiet", condition=models.Q(quiet=True)),
            models.Index(  # few are: the late ones and those due by a day are found among them
                fields=["merchant", "wanted_on"],
                name="orders_wanted",
                condition=models.Q(wanted_on__isnull=False, state="open"),
            ),
            # The merchant stands last, or not at all: see `walls.SameMerchant`.
            models.Index(fields=["placed_at"], name="orders_by_placed"),
            models.Index(fields=["number_key", "merchant"], name="orders_by_number"),
            models.Index(fields=["email_key", "merchant"], name="orders_by_email"),
            models.Index(fields=["customer_key", "merchant"], name="orders_by_customer"),
        ]


class OrderLine(models.Model):
    """So many of one SKU at one price. `recipe` is what a bundle was made of when it was sold."""

    merchant = models.ForeignKey(  # not checked by itself: the order belongs to it
        Merchant, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    position = models.SmallIntegerField()
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    sku_code = models.CharField(max_length=300)  # as ordered; a SKU that is not known holds the order
    name = models.CharField(max_length=300, blank=True)
    quantity = models.IntegerField()
    cancelled = models.IntegerField(default=0)
    joined = models.IntegerField(db_default=0)  # of `quantity`, the last units: they joined after acceptance
    joined_tax_cents = models.BigIntegerField(db_default=0)  # of the order's tax, theirs
    unit_price_cents = models.BigIntegerField(default=0)
    discount_cents = models.BigIntegerField(default=0)
    tax_cents = models.BigIntegerField(default=0)
    requires_shipping = models.BooleanField(default=True)
    recipe = models.JSONField(null=True)  # [[sku_id, quantity], …] of a bundle, frozen
    external_ref = models.CharField(max_length=300, blank=True)
    personalisation = models.TextField(blank=True)
    served_by = models.CharField(max_length=80, blank=True)  # another service sends it: mirrored, never sent from here

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0)
                & models.Q(cancelled__gte=0)
                & models.Q(cancelled__lte=models.F("quantity")),
                name="line_quantity_is_positive",
            ),
        ]

    @property
    def wanted(self) -> int:
        """Give the units that are not cancelled."""
        return self.quantity - self.cancelled


class HoldKind(models.TextChoices):
    """Why an order waits."""

    ADDRESS = "address", _("address")
    PAYMENT = "payment", _("payment")
    UNKNOWN_SKU = "unknown_sku", _("unknown SKU")
    DUPLICATE = "duplicate", _("possible duplicate")
    MONEY = "money", _("amounts do not add up")
    RISK = "risk", _("risk")
    DISRUPTION = "disruption", _("disruption")
    CHANNEL = "channel", _("held in the shop")
    SHOP = "shop", _("change in the shop")
    MANUAL = "manual", _("by hand")


class Hold(models.Model):
    """A typed reason why an order waits, with an owner and a date; releasing it is one action."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=12, choices=HoldKind.choices)
    reason = models.CharField(max_length=60, blank=True)  # a code of `orders.rules.HOLD_REASONS`, or free text by hand
    disruption = models.ForeignKey(  # that caused it, and frees it when it ends
        Disruption, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    told_until = models.DateField(null=True)  # the latest last day of the disruption that was told; empty: none
    owner_id = models.BigIntegerField(null=True)  # the person who decides about it
    until = models.DateField(null=True)  # the last day: it ends by itself the morning after
    set_at = models.DateTimeField(db_default=Now())
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["disruption", "order"], name="one_hold_per_disruption",
                condition=models.Q(disruption__isnull=False),
            )
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["merchant", "order"], name="hold_open", condition=models.Q(released_at__isnull=True)),
            models.Index(fields=["merchant", "id"], name="hold_inbox", condition=models.Q(released_at__isnull=True)),
            models.Index(
                fields=["until"], name="hold_until", condition=models.Q(released_at__isnull=True, until__isnull=False)
            ),
        ]


class FulfillmentKind(models.TextChoices):
    """What a fulfilment order is for."""

    SALE = "sale", _("sale")
    TRANSFER = "transfer", _("transfer")
    SUPPLIER_RETURN = "supplier_return", _("return to supplier")
    REWORK = "rework", _("rework")


class Stage(models.TextChoices):
    """How far a fulfilment order is. Later steps advance it by compare-and-set (`actions/advance_stage.py`)."""

    WAITING = "waiting", _("owed")  # stock is missing
    READY = "ready", _("to pick")
    RELEASED = "released", _("in a wave")
    PICKING = "picking", _("being picked")
    PICKED = "picked", _("to pack")
    PACKED = "packed", _("to label")
    LABELLING = "labelling", _("label requested")
    LABELLED = "labelled", _("to hand over")
    HANDED_OVER = "handed_over", _("on the road")
    DELIVERED = "delivered", _("delivered")
    PROBLEM = "problem", _("problem")  # the carrier failed; a person decides
    CANCELLED = "cancelled", _("cancelled")


class FulfillmentOrder(models.Model):
    """The part of an order that one node serves."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=FulfillmentKind.choices, default=FulfillmentKind.SALE)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.READY)
    stage_at = models.DateTimeField(db_default=Now())
    held = models.BooleanField(default=False)  # an open hold of its order: no work is released, no label bought
    ship_by = models.DateTimeField(null=True)  # the node's cut-off that keeps the promise
    priority = models.SmallIntegerField(default=0)
    together = models.BigIntegerField(null=True)  # parts with one number go in one parcel; it hangs on the lowest id
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["together"], name="fulfillment_together", condition=models.Q(together__isnull=False)),
            models.Index(
                fields=["node", "stage", "ship_by"],
                name="fulfillment_open",
                condition=~models.Q(stage__in=["delivered", "cancelled"]),
            ),
            models.Index(  # Today counts what is open, and reads no more than this
                fields=["merchant", "stage"],
                include=["order", "node", "held", "stage_at", "ship_by"],
                name="fulfillment_counted",
                condition=~models.Q(stage__in=["delivered", "cancelled"]),
            ),
        ]


class FulfillmentLine(models.Model):
    """So many units of one SKU (a bundle's component by itself) that this node serves of an order line.

    None are left when they are not wanted any more; the row stays for what the floor did with it.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    quantity = models.IntegerField()
    reservation_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="fulfillment_is_of_units")
        ]


class InstructionKind(models.TextChoices):
    """What a later step is asked to do otherwise."""

    NODE = "node", _("node")  # a code: served from there when it has everything
    PRIORITY = "priority", _("priority")  # picked before those with a lower one
    PACKAGING = "packaging", _("packaging")  # a code: used when everything goes in
    SLIP = "slip", _("packing slip")  # words that are printed on it
    SERVICE = "service", _("delivery service")  # a code: taken when it carries the parcels


class Instruction(models.Model):
    """What later steps do otherwise with an order. Of a kind the first counts, the highest priority, all slips."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    kind = models.CharField(max_length=10, choices=InstructionKind.choices)
    value = models.CharField(max_length=300)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "kind", "value"], name="one_instruction_of_a_kind_and_value")
        ]


class ChangeKind(models.TextChoices):
    """What a change is mostly about."""

    LINES = "lines", _("articles")
    CANCEL = "cancel", _("cancelled in part")
    ADDRESS = "address", _("address")
    CONTACT = "contact", _("contact")
    DELIVERY = "delivery", _("delivery")
    NOTES = "notes", _("notes")
    SPLIT = "split", _("sent in parts")
    MERGE = "merge", _("sent together")


class ChangeSource(models.TextChoices):
    """Where a change comes from."""

    PERSON = "person", _("a person")
    CHANNEL = "channel", _("the shop")
    API = "api", _("the API")
    CUSTOMER = "customer", _("the customer")


class OrderChange(models.Model):
    """What was changed of an order after it was accepted: a document, never changed itself.

    `before` and `after` hold only what differs. `price_cents` is what the order comes to more (or less): the shop moves
    the money. `given_back` and `held` are the units whose promise ended or was made by it.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    number = models.SmallIntegerField()  # within the order, from 1
    kind = models.CharField(max_length=10, choices=ChangeKind.choices)
    reason = models.CharField(max_length=60, blank=True)  # a code of `orders.rules.CHANGE_REASONS`, or free text
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    price_cents = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    given_back = models.IntegerField(default=0)
    held = models.IntegerField(default=0)
    owed = models.IntegerField(default=0)
    source = models.CharField(max_length=10, choices=ChangeSource.choices, default=ChangeSource.PERSON)
    disruption = models.ForeignKey(Disruption, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    key = models.CharField(max_length=200, blank=True)  # the other side's own identity of the change
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "number"], name="one_change_number"),
            models.UniqueConstraint(fields=["order", "key"], name="one_change_per_key", condition=~models.Q(key="")),
            models.UniqueConstraint(
                fields=["disruption", "order"],
                name="one_change_per_disruption",
                condition=models.Q(disruption__isnull=False),
            ),
        ]
