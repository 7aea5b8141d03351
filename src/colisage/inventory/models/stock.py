"""The stock model: movements are the truth, cells are their sum, availability is what may still be promised.

`docs/decisions/0004-the-stock-model.md` says why. Movements move cells and availability by triggers
(`sql/triggers.sql`): no code can change a balance without a movement.
"""

from typing import ClassVar, Final

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now, Upper
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import Sku
from colisage.kit.models import CurrentTransaction, XidField
from colisage.network.models import Node, Place, StockSource
from colisage.people.models import Merchant


class Condition(models.TextChoices):
    """In what state units are; only sellable ones in a bin can be promised."""

    SELLABLE = "sellable", _("sellable")
    DAMAGED = "damaged", _("damaged")
    QUARANTINE = "quarantine", _("quarantine")
    RETURNED = "returned", _("returned")
    EXPIRED = "expired", _("expired")
    HELD = "held", _("held with its lot")


class LotStatus(models.TextChoices):
    """What may be done with a lot."""

    APPROVED = "approved", _("approved")
    QUARANTINED = "quarantined", _("quarantined")
    RECALLED = "recalled", _("recalled")
    EXPIRED = "expired", _("expired")


class Lot(models.Model):
    """Units of a SKU made together; a serial number is a lot of one."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    code = models.CharField(max_length=80)
    code_key = models.GeneratedField(  # what it is found by, in any case
        expression=Upper("code"), output_field=models.CharField(max_length=80, db_collation="C"), db_persist=True
    )
    is_serial = models.BooleanField(default=False)
    status = models.CharField(max_length=12, choices=LotStatus.choices, default=LotStatus.APPROVED)
    made_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    sold_to_the_end = models.BooleanField(default=False)  # a manager sells it until its date, however near that is

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["sku", "code"], name="one_lot_code")]
        indexes: ClassVar = [
            models.Index(fields=["sku", "-id"], name="lots_of_sku"),
            models.Index(
                fields=["merchant", "expires_on", "id"],
                name="lots_by_date",
                condition=models.Q(expires_on__isnull=False),
            ),
            models.Index(fields=["merchant", "code"], name="lots_by_code"),
            models.Index(fields=["code_key", "merchant"], name="lots_by_key"),  # the merchant last: see `SameMerchant`
            models.Index(fields=["merchant", "-id"], name="lots_set_aside", condition=~models.Q(status="approved")),
        ]


class LicensePlate(models.Model):
    """The identity of a carton or pallet (LPN, SSCC); a plate tree shares a place."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=30)
    code_key = models.GeneratedField(  # what it is found by, in any case
        expression=Upper("code"), output_field=models.CharField(max_length=30, db_collation="C"), db_persist=True
    )
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["merchant", "code"], name="one_plate_code")]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "code_key"], name="plates_by_key"),
        ]


class StockCell(models.Model):
    """So many units of one SKU that are alike in everything: place, lot, plate, owner and condition.

    `node`, `kept` and `sellable` follow from the key and never change: a cell at a virtual place keeps no balance.
    `owner_id` is the supplier of consigned goods, null for the merchant's own.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    plate = models.ForeignKey(LicensePlate, on_delete=models.PROTECT, null=True, related_name="+")
    owner_id = models.BigIntegerField(null=True)
    condition = models.CharField(max_length=12, choices=Condition.choices, default=Condition.SELLABLE)
    qty = models.IntegerField(default=0)
    allocated = models.IntegerField(default=0)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, null=True, related_name="+")
    kept = models.BooleanField(default=True)
    sellable = models.BooleanField(default=False)
    first_in_at = models.DateTimeField(null=True)  # since when it holds units, for FIFO

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(allocated__gte=0) & models.Q(allocated__lte=models.F("qty")),
                name="allocated_is_there",
            ),
            models.UniqueConstraint(
                fields=["merchant", "sku", "place", "lot", "plate", "owner_id", "condition"],
                name="one_cell",
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sku", "node"], name="cell_stocked", condition=models.Q(qty__gt=0)),
            models.Index(fields=["place"], name="cell_in_place", condition=models.Q(qty__gt=0)),
            # Not of all: every SKU ever sold has a cell at the customer's; who looks for one must not read them all.
            models.Index(fields=["place"], name="cell_of_place", condition=models.Q(kept=True)),
            models.Index(fields=["lot"], name="cell_of_lot", condition=models.Q(qty__gt=0)),
            models.Index(
                fields=["condition", "sku"], name="cell_set_aside", condition=models.Q(qty__gt=0, sellable=False)
            ),
            models.Index(
                fields=["merchant", "owner_id", "sku"],
                name="cell_consigned",
                condition=models.Q(qty__gt=0, owner_id__isnull=False),
            ),
        ]


class StockMovement(models.Model):
    """Units went from one cell to another, for a reason, on a document. Append-only, kept so by the database."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    from_cell = models.ForeignKey(StockCell, on_delete=models.PROTECT, related_name="+")
    to_cell = models.ForeignKey(StockCell, on_delete=models.PROTECT, related_name="+")
    qty = models.IntegerField()
    reason = models.CharField(max_length=30)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.BigIntegerField(null=True)
    doc_kind = models.CharField(max_length=30)
    doc_id = models.BigIntegerField()
    doc_line = models.BigIntegerField(default=0)
    seq = models.IntegerField(default=0)
    occurred_at = models.DateTimeField(db_default=Now())
    recorded_at = models.DateTimeField(db_default=Now())
    xid = XidField(db_default=CurrentTransaction())  # a proof ends at a transaction: ids commit out of order

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="movement_moves"),
            models.CheckConstraint(condition=~models.Q(from_cell=models.F("to_cell")), name="movement_goes_elsewhere"),
            models.UniqueConstraint(fields=["doc_kind", "doc_id", "doc_line", "seq"], name="movement_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sku", "id"], name="movements_of_sku"),
            models.Index(fields=["xid"], name="movements_since"),
            models.Index(fields=["merchant", "reason", "recorded_at"], name="movements_by_reason"),
            BrinIndex(fields=["occurred_at"], name="movements_by_occurrence", autosummarize=True),
        ]


class StockValue(models.Model):
    """What lies at a node for a merchant, in units and at cost (at price where the cost is not known), as of `at`."""

    pk = models.CompositePrimaryKey("merchant_id", "node_id")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    units = models.BigIntegerField()
    cents = models.BigIntegerField()  # in the merchant's currency
    at = models.DateTimeField()


FREE: Final = models.F("sellable") - models.F("reserved")


class Availability(models.Model):
    """What one node can promise of one SKU. *Oversold* is reserved above sellable: a constraint forbids it."""

    pk = models.CompositePrimaryKey("sku_id", "node_id")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=StockSource.choices, default=StockSource.LEDGER)
    as_of = models.DateTimeField(null=True)  # of a mirror's or feed's snapshot
    sellable = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    safety = models.IntegerField(default=0)  # kept back from every channel
    ahead_cap = models.IntegerField(default=0)  # pre-orders taken before the goods exist
    ahead = models.IntegerField(default=0)
    ahead_on = models.DateField(null=True)  # from when on what is pre-ordered leaves
    unreleased = models.BooleanField(db_default=False)  # until then nothing is held, even of what is here
    changed = models.BigIntegerField(db_default=0)  # the transaction that changed what may be promised, kept by trigger
    # Lists are narrowed to these: they change only when a limit is crossed, so that indexes on them leave updates HOT.
    gives = models.GeneratedField(
        expression=models.Q(source="unlimited") | GreaterThan(FREE, models.F("safety")),  # type: ignore[arg-type]
        output_field=models.BooleanField(), db_persist=True,
    )  # fmt: skip
    falls_short = models.GeneratedField(
        expression=~models.Q(source="unlimited") & models.Q(safety__gt=0) & LessThan(FREE, models.F("safety")),  # type: ignore[arg-type]
        output_field=models.BooleanField(), db_persist=True,
    )  # fmt: skip

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["merchant", "sku", "node"], name="availability_gives", condition=models.Q(gives=True)),
            models.Index(
                fields=["merchant", "sku", "node"],
                name="availability_falls_short",
                condition=models.Q(falls_short=True),
            ),
            models.Index(fields=["ahead_on"], name="availability_unreleased", condition=models.Q(unreleased=True)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(reserved__gte=0)
                & (models.Q(source="unlimited") | models.Q(reserved__lte=models.F("sellable"))),
                name="never_oversold",
            ),
            models.CheckConstraint(
                condition=models.Q(ahead__gte=0) & models.Q(ahead__lte=models.F("ahead_cap")), name="ahead_within_cap"
            ),
        ]


class Lacking(models.Model):
    """A SKU of which nothing may be free, anywhere (`node_id` 0) or at one node, in the order of a list (0040).

    Triggers write it (`sql/lacking.sql`). Of whatever nothing is free there is a row, but not whatever has a row lacks
    something: who reads it looks. A SKU may have several.
    """

    merchant = models.ForeignKey(
        Merchant, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    node_id = models.BigIntegerField()
    sku_id = models.BigIntegerField()
    code_key = models.CharField(max_length=100)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["merchant", "node_id", "code_key", "sku_id"], name="lacking_by_code")]


class ReservationState(models.TextChoices):
    """What became of a promise of units."""

    HELD = "held", _("held")
    WAITING = "waiting", _("owed")
    AHEAD = "ahead", _("pre-ordered")
    PICKED = "picked", _("picked")
    CONSUMED = "consumed", _("shipped")
    RELEASED = "released", _("given back")
    EXPIRED = "expired", _("expired")


class Reservation(models.Model):
    """A promise of units at a node to an owner, such as an order line; `waiting` ones are owed, not held."""

    merchant = models.ForeignKey(  # not checked by itself: the SKU belongs to it
        Merchant, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    owner_kind = models.CharField(max_length=20)
    owner_id = models.BigIntegerField()
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    node = models.ForeignKey(
        Node, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    qty = models.IntegerField()
    state = models.CharField(max_length=8, choices=ReservationState.choices)
    priority = models.SmallIntegerField(default=0)  # the higher, the sooner what is owed is served
    turn = models.CharField(max_length=60, db_default="~", db_collation="C")  # of equal priority: the lower, the sooner
    since = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    buffer = models.IntegerField(db_default=0)  # units that it leaves at its node: kept back from its channel

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(qty__gt=0), name="reservation_is_of_units")]
        indexes: ClassVar = [
            models.Index(fields=["owner_kind", "owner_id"], name="reservation_of_owner"),
            models.Index(
                fields=["sku", "node", "id"],
                name="reservation_open",
                condition=models.Q(state__in=["held", "waiting", "ahead"]),
            ),
            models.Index(  # in the order of service: who stands behind somebody is read, and nobody else
                fields=["sku", "-priority", "turn", "since", "id"],
                name="reservation_owed",
                condition=models.Q(state__in=["waiting", "ahead"]),
            ),
            models.Index(
                fields=["expires_at"],
                name="reservation_expires",
                condition=models.Q(expires_at__isnull=False, state__in=["held", "waiting", "ahead"]),
            ),
        ]


class Allocation(models.Model):
    """Units of a reservation bound to one cell, from the release of work until the pick."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="+")
    cell = models.ForeignKey(StockCell, on_delete=models.PROTECT, related_name="+", db_index=False)
    qty = models.IntegerField()
    open = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["cell"], name="allocation_open", condition=models.Q(open=True))]
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(qty__gt=0), name="allocation_is_of_units")]
