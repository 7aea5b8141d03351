"""Judging what came back: its grade, and where it goes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.queries.lots import lots_brought
from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.queries import Bin, bins_of, place_of, virtual_place
from colisage.returns.actions.finish_return import finish_return
from colisage.returns.models import Inspection, ReturnItem, ReturnRequest
from colisage.returns.rules import DISPOSITIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """So many units of an item in one state, and what becomes of them; `bin_code` for those back to the shelf.

    Without an item it is of units of the SKU, whichever lines of the order they were sent for.
    """

    item_id: int | None = None
    sku_id: int | None = None
    quantity: int
    grade: str
    disposition: str
    bin_code: str = ""


class NotOnTheTable(Refused):
    """More units than came and were not judged yet."""

    code = "not_on_the_table"
    text = _("Only %(left)s units wait to be judged.")


class NoSuchVerdict(Malformed):
    """What came in this state does not go there."""

    code = "no_such_verdict"
    text = _("Choose a state, and where such units may go.")


class NoSuchBin(Refused):
    """The code is no bin of this node."""

    code = "no_such_return_bin"
    text = _("%(code)s is not a bin here. Scan the plate of a bin.")


@dataclass(frozen=True, slots=True)
class _Table:
    """A return on the table of its node, with what came of it."""

    request: ReturnRequest
    items: Sequence[ReturnItem]
    place_id: int
    aside: tuple[int, str] | None  # the place of quarantine and its code, when any unit shall go there
    bins: Mapping[str, Bin]  # by code in capitals
    came: Mapping[int, Sequence[tuple[int | None, int]]]  # item: lots and units, in the order in which they came


@transaction.atomic
def inspect_return(merchant_id: int, *, return_id: int, verdicts: Sequence[Verdict], actor: Actor) -> bool:
    """Judge units of a return and move them off the table; say whether the whole return is inspected now.

    Back to the shelf they can be sold at once; set aside or to repair they wait in quarantine; thrown away they are a
    loss. Raises `NotOnTheTable`, `NoSuchVerdict` or `NoSuchBin`, which name the verdict, and then changes nothing. The
    number of statements does not depend on the number of verdicts.
    """
    request = ReturnRequest.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=return_id).first()
    if request is None:
        raise NotThere
    table = _table(request, ways={verdict.disposition for verdict in verdicts})
    moves: list[Move] = []
    notes: list[Inspection] = []
    for n, verdict in enumerate(verdicts):
        try:
            _judge(table, verdict, moves=moves, notes=notes, by=str(actor)[:150])
        except Refused as refusal:
            refusal.faults = [{"pointer": f"/verdicts/{n}", "code": refusal.code, "detail": str(refusal)}]
            raise
    post_movements(moves, actor=actor)
    Inspection.objects.bulk_create(notes)
    ReturnItem.objects.bulk_update(table.items, ["inspected"])
    waiting = any(item.inspected < item.expected for item in table.items)
    if not waiting:
        finish_return(merchant_id, return_id=return_id, actor=actor)
    return not waiting


def _table(request: ReturnRequest, *, ways: Collection[str]) -> _Table:
    """Read what verdicts are about; `ways` are their dispositions."""
    node = request.node_id
    aside = place_of(node, kind="quarantine") if set(ways) & {"quarantine", "refurbish"} else None
    return _Table(
        request,
        list(ReturnItem.objects.filter(merchant_id=request.merchant_id, return_request=request).order_by("pk")),
        place_of(node, kind="returns").pk,
        (aside.pk, aside.code) if aside else None,
        {one.code.upper(): one for one in bins_of(node)} if "restock" in ways else {},
        lots_brought("return", doc_id=request.pk),
    )


def _judge(table: _Table, verdict: Verdict, *, moves: list[Move], notes: list[Inspection], by: str) -> None:
    """Write what a verdict does with units of one item, or of several of one SKU."""
    items = [
        item
        for item in table.items
        if (item.pk == verdict.item_id if verdict.item_id is not None else item.sku_id == verdict.sku_id)
    ]
    if not items:
        raise NotThere
    if verdict.disposition not in DISPOSITIONS.get(verdict.grade, ()):
        raise NoSuchVerdict
    left = sum(item.received - item.inspected for item in items)
    if table.request.state != "received" or not 0 < verdict.quantity <= left:
        raise NotOnTheTable(left=left)
    target, place = _target(table, verdict)
    wanted = verdict.quantity
    for item in items:
        if units := min(wanted, item.received - item.inspected):
            moves += _moves(table, item, units, verdict=verdict, target=target)
            notes.append(
                Inspection(
                    merchant_id=item.merchant_id, item=item, quantity=units, grade=verdict.grade,
                    disposition=verdict.disposition, place_code=place, by_name=by,
                )
            )  # fmt: skip
            item.inspected += units
            wanted -= units


def _moves(table: _Table, item: ReturnItem, units: int, *, verdict: Verdict, target: Spot) -> Iterator[Move]:
    """Move units of an item off the table, lot by lot; each unit leaves it once."""
    source = Spot(place_id=table.place_id, condition="returned")
    for lot, n, after in _lots_of(table.came.get(item.pk, ()), skip=item.inspected, units=units):
        yield Move(
            merchant_id=item.merchant_id,
            sku_id=item.sku_id,
            qty=n,
            source=replace(source, lot_id=lot),
            target=replace(target, lot_id=lot),
            reason={"restock": "restock", "destroy": "destroy"}.get(verdict.disposition, "quarantine"),
            doc_kind="inspection",
            doc_id=table.request.pk,
            doc_line=item.pk,
            seq=item.inspected + after,
        )


def _lots_of(came: Sequence[tuple[int | None, int]], *, skip: int, units: int) -> Iterator[tuple[int | None, int, int]]:
    """Give the lots of the next units of an item to be judged: the first that came come first."""
    after = 0
    for lot, brought in came:
        skipped = min(skip, brought)
        skip -= skipped
        if taken := min(units - after, brought - skipped):
            yield lot, taken, after
            after += taken


def _target(table: _Table, verdict: Verdict) -> tuple[Spot, str]:
    """Give where units go, and the code of that place."""
    if verdict.disposition == "destroy":
        return Spot(place_id=virtual_place("loss"), condition="damaged"), ""
    if verdict.disposition == "restock":
        found = table.bins.get(verdict.bin_code.strip().upper())
        if found is None:
            raise NoSuchBin(code=verdict.bin_code[:30] or "—")
        return Spot(place_id=found.id), found.code
    if table.aside is None:
        raise NoSuchVerdict
    place, code = table.aside
    return Spot(place_id=place, condition="damaged" if verdict.grade == "broken" else "quarantine"), code
