"""What the dock would refuse of many things that came, known before anything is tried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from colisage.catalog.queries import SkuFacts, skus_by_id
from colisage.inbound.actions.count_received import NotExpected
from colisage.inbound.actions.find_dock import Dock
from colisage.inbound.actions.receive_many import OverDelivered, Taken, refuse_nonsense
from colisage.inbound.actions.refuse_lots import refuse_day
from colisage.inbound.queries.dock import over_percent_of
from colisage.inbound.rules.receiving import wants_confirmation
from colisage.inventory.actions.save_serials import NotASerial, SerialOnHand, refuse_unreadable
from colisage.inventory.queries.lots import lots_named, serials_on_hand
from colisage.kit.errors import Refused


def sift_taken(taken: Sequence[Taken], *, dock: Dock, over_confirmed: bool) -> list[Taken | Refused]:
    """Give each that may be taken in, or why it is refused, as `receive_many` says it; the dock is locked.

    Trying costs as much again for each that is refused: a lorry that was sent twice, or of which every tenth label says
    another date than the books, is refused without. What passes here may still be refused. Four statements at most.
    """
    books = _books(taken, dock)
    percent = over_percent_of(dock.merchant_id) if dock.expecting and not over_confirmed else None
    received = {sku: came for sku, (_ordered, came) in dock.stand.items()}
    judged: list[Taken | Refused] = []
    for one in taken:
        refusal = _refusal(one, dock, books)
        if refusal is None and percent is not None and not one.unexpected:
            refusal = _over(one, dock, received=received, percent=percent)
        judged.append(one if refusal is None else refusal)
        if refusal is None:
            books.take(one)
            if not one.unexpected:
                received[one.sku_id] = received.get(one.sku_id, 0) + one.units
    return judged


@dataclass(frozen=True, slots=True)
class _Books:
    """What the books know of the serial numbers and lots that came, as those before leave it."""

    here: set[tuple[int, str]]  # serial numbers of units in the house
    lots: dict[tuple[int, str], tuple[date | None, bool]]  # its date, and whether it is a serial number
    skus: Mapping[int, SkuFacts]
    today: date

    def take(self, one: Taken) -> None:
        """Let one come in."""
        if (name := _lot_of(one)) is not None:
            day, serial = self.lots.get(name, (None, bool(one.serial.strip())))
            self.lots[name] = (day or one.expires_on, serial)
            if one.serial.strip():
                self.here.add(name)


def _books(taken: Sequence[Taken], dock: Dock) -> _Books:
    names = {name for one in taken if (name := _lot_of(one)) is not None}
    serials = [name for one in taken if one.serial.strip() and (name := _lot_of(one))]
    return _Books(
        set(serials_on_hand(dock.merchant_id, serials=serials)) if serials else set(),
        lots_named(dock.merchant_id, named=names) if names else {},
        skus_by_id(dock.merchant_id, ids={sku for sku, _code in names}) if names else {},
        timezone.localdate(),
    )


def _lot_of(one: Taken) -> tuple[int, str] | None:
    """Give the SKU and the code of the lot, or of the serial number, that units are taken in as."""
    code = one.serial.strip() or one.lot.strip()[:80]
    return (one.sku_id, code) if code else None


def _refusal(one: Taken, dock: Dock, books: _Books) -> Refused | None:
    try:
        refuse_nonsense(one)
        if dock.expecting and not one.unexpected and one.sku_id not in dock.stand:
            return NotExpected(sku=one.sku_code, number=dock.expecting.number)
        name = _lot_of(one)
        known, is_serial = books.lots.get(name, (None, True)) if name else (None, True)
        if name and one.serial.strip():
            refuse_unreadable(name[1])
            if name in books.here:
                return SerialOnHand(serials=name[1])
            if not is_serial:
                return NotASerial(serials=name[1])
        if one.lot_id is None:
            lot = name[1] if name else None
            refuse_day(one.expires_on, known=known, lot=lot, sku=books.skus.get(one.sku_id), today=books.today)
    except Refused as refusal:
        return refusal
    return None


def _over(one: Taken, dock: Dock, *, received: Mapping[int, int], percent: int) -> Refused | None:
    ordered, came = dock.stand[one.sku_id][0], received[one.sku_id] + one.units
    if not wants_confirmation(ordered, received=came, percent=percent):
        return None
    return OverDelivered(over=came - ordered, sku=one.sku_code, ordered=ordered, received=came)
