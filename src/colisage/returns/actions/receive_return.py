"""The returns table: what came is in the books at once, as returned; it cannot be sold before it is judged."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.queries.lots import lots_taken
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.events import tell
from colisage.network.queries import place_of, virtual_place
from colisage.returns.events import ReturnReceived
from colisage.returns.models import ReturnItem, ReturnRequest
from colisage.returns.rules import ON_THE_WAY, Sent, lots_back


class NotComing(Refused):
    """The return is refused, inspected or closed."""

    code = "return_not_coming"
    text = _("Return %(number)s takes nothing in any more. Set the item aside and ask support.")


class NotInReturn(Refused):
    """The SKU does not belong to this return, or all its units came already."""

    code = "not_in_return"
    text = _("This item is not expected in return %(number)s, or all of it came. Set it aside.")


class SerialWanted(Malformed):
    """Several units with serial numbers were sent, or another one than this."""

    code = "serial_wanted"
    text = _("Units of this item have serial numbers. Scan the number of the one that came back.")


class NoUnits(Malformed):
    """Units received are a positive number."""

    code = "no_units"
    text = _("Say how many units came: at least one.")


@dataclass(frozen=True, slots=True)
class Came:
    """Units of a SKU that came; `named` is the lot or serial number that their label told."""

    sku_id: int
    units: int
    named: str = ""


@dataclass(frozen=True, slots=True)
class _Taken:
    """Units of an item that are taken in, after `before` others of it; `n` is their place among what came."""

    item: ReturnItem
    units: int
    before: int
    named: str
    n: int


@transaction.atomic
def receive_return(merchant_id: int, *, return_id: int, came: Sequence[Came], actor: Actor) -> None:
    """Take units of a return onto the returns table. Refused, nothing is taken in, and which item it was is said.

    Units come back as the lot they were sent as, or the one that is named. Of several serial numbers the one that came
    must be named (`SerialWanted`). The number of statements does not depend on the number of items.
    """
    request = ReturnRequest.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=return_id).first()
    if request is None:
        raise NotThere
    if request.state not in ON_THE_WAY:
        raise NotComing(number=request.number)
    if not came or any(one.units <= 0 for one in came):
        raise NoUnits
    items = list(ReturnItem.objects.filter(merchant_id=merchant_id, return_request=request).order_by("pk"))
    taken: list[_Taken] = []
    for n, one in enumerate(came):
        left = one.units
        for item in items:
            free = item.expected - item.received if item.sku_id == one.sku_id else 0
            if take := min(free, left):
                taken.append(_Taken(item, take, item.received, one.named, n))
                item.received += take
                left -= take
        if left:
            raise _at(n, NotInReturn(number=request.number))
    _post(request, taken, actor=actor)
    ReturnItem.objects.bulk_update(items, ["received"])
    if request.state != "received":
        ReturnRequest.objects.filter(pk=request.pk).update(state="received", received_at=timezone.now())
        tell([ReturnReceived(merchant_id=merchant_id, order_id=request.order_id, return_id=request.pk)])
        record_deeds(
            [
                Deed(
                    "order",
                    request.order_id,
                    "return_received",
                    {"number": request.number, "return": request.pk},
                    merchant_id=merchant_id,
                )
            ],
            actor=actor,
        )


def _at(n: int, refusal: Refused) -> Refused:
    """Let a refusal say which of the items it is about."""
    refusal.faults = [{"pointer": f"/items/{n}", "code": refusal.code, "detail": str(refusal)}]
    return refusal


def _post(request: ReturnRequest, taken: Sequence[_Taken], *, actor: Actor) -> None:
    """Write the movements from the customer to the table; each unit of an item is moved in once."""
    customer, table = virtual_place("customer"), place_of(request.node_id, kind="returns").pk
    pieces = [
        (item, lot, units, seq)
        for item, came, before in _of_lots(request, taken)
        for lot, units, seq in _numbered(came, before)
    ]
    post_movements(
        [
            Move(
                merchant_id=request.merchant_id,
                sku_id=item.sku_id,
                qty=units,
                source=Spot(place_id=customer, lot_id=lot),
                target=Spot(place_id=table, lot_id=lot, condition="returned"),
                reason="return_received",
                doc_kind="return",
                doc_id=request.pk,
                doc_line=item.pk,
                seq=seq,
            )
            for item, lot, units, seq in pieces
        ],
        actor=actor,
    )


def _numbered(came: Sequence[tuple[int | None, int]], before: int) -> Iterator[tuple[int | None, int, int]]:
    for lot, units in came:
        yield lot, units, before
        before += units


def _of_lots(
    request: ReturnRequest, taken: Sequence[_Taken]
) -> Iterator[tuple[ReturnItem, list[tuple[int | None, int]], int]]:
    """Say of which lots the units are: those that were sent for the same line of the order."""
    lines = dict(
        ReturnItem.objects.filter(pk__in=[one.item.pk for one in taken]).values_list("pk", "line__order_line_id")
    )
    went = lots_taken(request.merchant_id, owner_kind="order_line", owner_ids=set(lines.values()))
    back = Counter(
        {
            (line, sku): units
            for line, sku, units in ReturnItem.objects.filter(line__order_line__in=set(lines.values()))
            .values("line__order_line_id", "sku_id")
            .annotate(units=Sum("received"))
            .values_list("line__order_line_id", "sku_id", "units")
        }
    )
    here: set[int | None] = set()  # lots that this return brought just now: a serial number of them is on hand
    for one in taken:
        key = lines[one.item.pk], one.item.sku_id
        sent = [
            Sent(w.lot_id, w.code, w.is_serial, w.on_hand or (w.is_serial and w.lot_id in here), w.qty)
            for w in went
            if (w.owner_id, w.sku_id) == key
        ]
        came = lots_back(sent, back=back[key], units=one.units, named=one.named)
        if came is None:
            raise _at(one.n, SerialWanted())
        back[key] += one.units
        here |= {lot for lot, _units in came}
        yield one.item, came, one.before
