"""What the dock would refuse of many things that came, known before anything is tried."""

from collections.abc import Mapping, Sequence

from django.utils import timezone

from colisage.inbound.actions.count_received import NotExpected
from colisage.inbound.actions.find_dock import Dock
from colisage.inbound.actions.receive_many import OverDelivered, Taken, refuse_nonsense
from colisage.inbound.actions.refuse_lots import LotExpired
from colisage.inbound.queries.dock import over_percent_of
from colisage.inbound.rules.receiving import wants_confirmation
from colisage.inventory.actions.save_serials import SerialOnHand
from colisage.inventory.queries.lots import serials_on_hand
from colisage.kit.errors import Refused
from colisage.ui import words


def sift_taken(taken: Sequence[Taken], *, dock: Dock, over_confirmed: bool) -> list[Taken | Refused]:
    """Give each that may be taken in, or why it is refused, as `receive_many` says it; the dock is locked.

    Trying costs as much again for each that is refused: a lorry that was sent twice is refused without. What passes
    here may still be refused. Two statements at most.
    """
    serials = [(t.sku_id, t.serial.strip()) for t in taken if t.serial.strip()]
    here = set(serials_on_hand(dock.merchant_id, serials=serials)) if serials else set()
    percent = over_percent_of(dock.merchant_id) if dock.expecting and not over_confirmed else None
    received = {sku: came for sku, (_ordered, came) in dock.stand.items()}
    judged: list[Taken | Refused] = []
    for one in taken:
        refusal = _refusal(one, dock, here)
        if refusal is None and percent is not None and not one.unexpected:
            refusal = _over(one, dock, received=received, percent=percent)
        judged.append(one if refusal is None else refusal)
        if refusal is None and not one.unexpected:
            received[one.sku_id] = received.get(one.sku_id, 0) + one.units
    return judged


def _refusal(one: Taken, dock: Dock, here: set[tuple[int, str]]) -> Refused | None:
    try:
        refuse_nonsense(one)
    except Refused as refusal:
        return refusal
    if dock.expecting and not one.unexpected and one.sku_id not in dock.stand:
        return NotExpected(sku=one.sku_code, number=dock.expecting.number)
    if (one.sku_id, one.serial.strip()) in here:
        return SerialOnHand(serials=one.serial.strip())
    if one.expires_on is not None and one.expires_on < timezone.localdate() and not one.lot_id:
        return LotExpired(day=words.day(one.expires_on, style="numeric"))
    return None


def _over(one: Taken, dock: Dock, *, received: Mapping[int, int], percent: int) -> Refused | None:
    ordered, came = dock.stand[one.sku_id][0], received[one.sku_id] + one.units
    if not wants_confirmation(ordered, received=came, percent=percent):
        return None
    return OverDelivered(over=came - ordered, sku=one.sku_code, ordered=ordered, received=came)
