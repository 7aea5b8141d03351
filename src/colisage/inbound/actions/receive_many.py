"""Taking goods in, many at once: what came is in the books at once, on the dock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.count_received import Came, count_received
from colisage.inbound.actions.refuse_bundles import refuse_bundles
from colisage.inbound.actions.refuse_lots import Labelled, refuse_lots
from colisage.inbound.actions.tell_incoming import tell_incoming
from colisage.inbound.models import (
    AnnouncedLine,
    Announcement,
    Delivery,
    PlateLoad,
    PurchaseLine,
    PurchaseOrder,
    Receipt,
)
from colisage.inbound.queries.dock import over_percent_of
from colisage.inbound.queries.inspections import scopes_of
from colisage.inbound.rules.inspecting import checklist_for
from colisage.inbound.rules.receiving import over_units, wants_confirmation
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.save_lot import save_lot
from colisage.inventory.actions.save_serials import save_serials
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.queries import place_of, virtual_place

MOST_UNITS = 1_000_000


class NotThatMany(Malformed):
    """Units received are a positive number within reason."""

    code = "not_that_many"
    text = _("Say how many units came: at least one, at most a million.")


class LotMissing(Refused):
    """The SKU is kept by lot, and none was named."""

    code = "lot_missing"
    text = _("%(sku)s is kept by lot. Scan or type the lot.")


class SerialMissing(Refused):
    """The SKU is kept by serial number: each unit is scanned."""

    code = "serial_missing"
    text = _("%(sku)s is kept by serial number. Scan each unit by itself.")


class OverDelivered(Refused):
    """More came than ordered, by more than the merchant lets pass unasked."""

    code = "over_delivered"
    text = _("%(over)s too many of %(sku)s: %(ordered)s expected, %(received)s with these. Count again, then confirm.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Units of one SKU that came, of one lot or one serial number; `line_id` is the announced line when known."""

    sku_id: int
    sku_code: str
    good: int
    damaged: int = 0
    lot: str = ""
    lot_id: int | None = None
    serial: str = ""
    expires_on: date | None = None
    line_id: int | None = None
    tracks_lots: bool = False
    tracks_serials: bool = False
    unexpected: bool = False  # what is expected does not have it; taken all the same
    plate_id: int | None = None  # on which its good units stand

    @property
    def units(self) -> int:
        """Give all that came, good or damaged."""
        return self.good + self.damaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What goods are received against, and with which delivery; nothing: blind."""

    purchase_order_id: int | None = None
    announcement_id: int | None = None
    delivery_id: int | None = None

    @property
    def is_blind(self) -> bool:
        """Say whether nothing was expected."""
        return self.purchase_order_id is None and self.announcement_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where units come from, and why, when it is not simply the supplier."""

    spot: Spot
    reason: str = "receipt"
    by_lot: bool = False  # each unit comes from there as the lot it is taken in as


@transaction.atomic
def receive_many(
    merchant_id: int,
    taken: Sequence[Taken],
    *,
    node_id: int,
    against: Against,
    actor: Actor,
    over_confirmed: bool = False,
    origin: Origin | None = None,
) -> list[int]:
    """Take units in; give the receipts, in order. The number of statements is constant, but for the lots named.

    Good units stand on the dock, damaged ones in quarantine. Fewer than expected are taken as they are; more, beyond
    the merchant's tolerance, once somebody has confirmed (`OverDelivered`). Goods of a consigned order stay the
    supplier's. Refuses whole: nothing is taken in then. Raises what `count_received` raises.
    """
    for one in taken:
        refuse_nonsense(one)
    refuse_bundles(merchant_id, sku_ids={one.sku_id for one in taken})
    delivery = against.delivery_id
    if delivery is not None and not Delivery.objects.filter(merchant_id=merchant_id, pk=delivery).exists():
        raise NotThere
    owners = _counted(merchant_id, taken, against=against)
    over = _over(merchant_id, taken, against=against, confirmed=over_confirmed)
    asked = _checklists(merchant_id, taken, against=against)
    lots = _lots(merchant_id, taken)
    refuse_lots(merchant_id, [Labelled(t.sku_id, lot, t.expires_on) for t, lot in zip(taken, lots, strict=True)])
    receipts = Receipt.objects.bulk_create(
        Receipt(
            merchant_id=merchant_id, node_id=node_id, purchase_order_id=against.purchase_order_id,
            announcement_id=against.announcement_id, delivery_id=delivery, sku_id=t.sku_id, lot_id=lot,
            owner_id=owners.get(t.sku_id), good=t.good, damaged=t.damaged, over=over[n],
            unexpected=t.unexpected and not against.is_blind, checklist_id=asked[n],
            plated=t.good if t.plate_id else 0,
            inspection_due=asked[n] is not None, by_name=str(actor)[:150],
        )
        for n, (t, lot) in enumerate(zip(taken, lots, strict=True))
    )  # fmt: skip
    tell_incoming(merchant_id, {t.sku_id for t in taken})
    plates = [t.plate_id for t in taken]
    _book(receipts, plates, node_id=node_id, origin=origin, actor=actor)
    PlateLoad.objects.bulk_create(
        PlateLoad(merchant_id=merchant_id, receipt=receipt, plate_id=plate, qty=receipt.good)
        for receipt, plate in zip(receipts, plates, strict=True)
        if plate is not None and receipt.good
    )
    record_deeds(
        [
            Deed("sku", r.sku_id, "goods_received", {"good": r.good, "damaged": r.damaged}, merchant_id=merchant_id)
            for r in receipts
        ],
        actor=actor,
    )
    return [receipt.pk for receipt in receipts]


def _counted(merchant_id: int, taken: Sequence[Taken], *, against: Against) -> dict[int, int]:
    """Count what was expected on its lines; give the owners of consigned SKUs."""
    came = [
        Came(sku_id=t.sku_id, sku_code=t.sku_code, units=t.units, lot=t.lot.strip() or t.serial, line_id=t.line_id)
        for t in taken
        if not (t.unexpected or against.is_blind)
    ]
    if not came:
        return {}
    return count_received(
        merchant_id, came, purchase_order_id=against.purchase_order_id, announcement_id=against.announcement_id
    )


def refuse_nonsense(taken: Taken) -> None:
    """Refuse what makes no sense whatever stands in the books: `NotThatMany`, `SerialMissing`, `LotMissing`."""
    if taken.good < 0 or taken.damaged < 0 or not 0 < taken.units <= MOST_UNITS:
        raise NotThatMany
    if taken.tracks_serials and (not taken.serial.strip() or taken.units != 1):
        raise SerialMissing(sku=taken.sku_code)
    if taken.tracks_lots and not (taken.lot.strip() or taken.serial.strip()) and taken.lot_id is None:
        raise LotMissing(sku=taken.sku_code)


def _lots(merchant_id: int, taken: Sequence[Taken]) -> list[int | None]:
    """Find or make the lot of each; a serial number that is in the house, or told twice, is refused by name."""
    told = [(t.sku_id, t.serial) for t in taken if t.serial.strip()]
    dates = {(t.sku_id, t.serial): t.expires_on for t in taken}
    serials = save_serials(merchant_id, serials=told, expires=dates)
    known: dict[tuple[int, str], int] = {}
    found: list[int | None] = []
    for t in taken:
        key = (t.sku_id, t.lot.strip())
        if t.serial.strip():
            found.append(serials[t.sku_id, t.serial])
        elif key[1]:
            if key not in known:
                known[key] = save_lot(merchant_id, sku_id=t.sku_id, code=key[1], expires_on=t.expires_on)
            found.append(known[key])
        else:
            found.append(t.lot_id)
    return found


def _checklists(merchant_id: int, taken: Sequence[Taken], *, against: Against) -> list[int | None]:
    """Choose the inspection list of each that has good units."""
    scopes = scopes_of(merchant_id)
    if not scopes:
        return [None] * len(taken)
    orders = PurchaseOrder.objects.filter(pk=against.purchase_order_id or 0).values_list("supplier_id", flat=True)
    announced = Announcement.objects.filter(pk=against.announcement_id or 0).values_list("supplier_id", flat=True)
    supplier = next(iter([*orders, *announced]), None)
    return [checklist_for(scopes, sku_id=t.sku_id, supplier_id=supplier) if t.good else None for t in taken]


def _over(merchant_id: int, taken: Sequence[Taken], *, against: Against, confirmed: bool) -> list[int]:
    """Say of each how many nobody expected, as it stands after counting."""
    if against.is_blind:
        return [0] * len(taken)
    stand = _stand({t.sku_id for t in taken if not t.unexpected}, against=against)
    tolerance = over_percent_of(merchant_id)
    left = {sku: max(0, received - ordered) for sku, (ordered, received) in stand.items()}
    found = []
    for t in taken:
        if t.unexpected:
            found.append(t.units)
            continue
        ordered, received = stand[t.sku_id]
        if not confirmed and wants_confirmation(ordered, received=received, percent=tolerance):
            raise OverDelivered(over=received - ordered, sku=t.sku_code, ordered=ordered, received=received)
        over = over_units(ordered, received=ordered + left[t.sku_id], units=t.units)
        left[t.sku_id] -= over
        found.append(over)
    return found


def _stand(sku_ids: Collection[int], *, against: Against) -> dict[int, tuple[int, int]]:
    """Give (expected, received) of SKUs, those just counted among them."""
    if against.purchase_order_id is not None:
        lines = PurchaseLine.objects.filter(purchase_order=against.purchase_order_id, sku__in=sku_ids)
        found = {
            sku: (ordered, received) for sku, ordered, received in lines.values_list("sku_id", "ordered", "received")
        }
        if len(found) == len(sku_ids):
            return found
    rows = AnnouncedLine.objects.filter(sku__in=sku_ids)
    if against.announcement_id is not None:
        rows = rows.filter(announcement=against.announcement_id)
    else:
        rows = rows.filter(purchase_order=against.purchase_order_id)
    sums = rows.values("sku_id").annotate(q=Sum("qty"), r=Sum("received")).values_list("sku_id", "q", "r")
    return {sku: (qty, received) for sku, qty, received in sums}


def _book(
    receipts: Sequence[Receipt], plates: Sequence[int | None], *, node_id: int, origin: Origin | None, actor: Actor
) -> None:
    dock, quarantine = place_of(node_id, kind="dock").pk, place_of(node_id, kind="quarantine").pk
    supplier = virtual_place("supplier")
    moves = []
    for receipt, plate in zip(receipts, plates, strict=True):
        theirs = Spot(place_id=supplier, lot_id=receipt.lot_id, owner_id=receipt.owner_id)
        source = _source(origin, lot_id=receipt.lot_id) if origin else theirs
        good = replace(theirs, place_id=dock, plate_id=plate)
        aside = replace(theirs, place_id=quarantine, condition="damaged")
        moves += [
            Move(
                merchant_id=receipt.merchant_id, sku_id=receipt.sku_id, qty=units, source=source, target=target,
                reason=origin.reason if origin else "receipt", doc_kind="receipt", doc_id=receipt.pk, doc_line=line,
            )
            for line, (units, target) in enumerate(((receipt.good, good), (receipt.damaged, aside)))
            if units
        ]  # fmt: skip
    post_movements(moves, actor=actor)


def _source(origin: Origin, *, lot_id: int | None) -> Spot:
    return replace(origin.spot, lot_id=lot_id) if origin.by_lot else origin.spot
