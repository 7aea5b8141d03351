"""Judging what came back: its grade, and where it goes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.queries.lots import lots_brought
from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.queries import bins_of, place_of, virtual_place
from colisage.returns.actions.finish_return import finish_return
from colisage.returns.models import Inspection, ReturnItem, ReturnRequest
from colisage.returns.rules import DISPOSITIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """So many units of an item in one state, and what becomes of them; `bin_code` for those back to the shelf."""

    item_id: int
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


@transaction.atomic
def inspect_return(merchant_id: int, *, return_id: int, verdict: Verdict, actor: Actor) -> bool:
    """Judge units of a return and move them off the table; say whether the whole return is inspected now.

    Back to the shelf they can be sold at once; set aside or to repair they wait in quarantine; thrown away they are a
    loss. Raises `NotOnTheTable`, `NoSuchVerdict` or `NoSuchBin`, and then changes nothing.
    """
    request = ReturnRequest.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=return_id).first()
    item = ReturnItem.objects.filter(merchant_id=merchant_id, return_request=return_id, pk=verdict.item_id).first()
    if request is None or item is None:
        raise NotThere
    left = item.received - item.inspected
    if verdict.disposition not in DISPOSITIONS.get(verdict.grade, ()):
        raise NoSuchVerdict
    if request.state != "received" or not 0 < verdict.quantity <= left:
        raise NotOnTheTable(left=left)
    target, place = _target(request.node_id, verdict)
    table = place_of(request.node_id, kind="returns").pk
    post_movements(
        [
            Move(
                merchant_id=merchant_id,
                sku_id=item.sku_id,
                qty=units,
                source=Spot(place_id=table, lot_id=lot, condition="returned"),
                target=replace(target, lot_id=lot),
                reason={"restock": "restock", "destroy": "destroy"}.get(verdict.disposition, "quarantine"),
                doc_kind="inspection",
                doc_id=request.pk,
                doc_line=item.pk,
                seq=item.inspected + after,
            )
            for lot, units, after in _lots_of(item, verdict.quantity)
        ],
        actor=actor,
    )
    Inspection.objects.create(
        merchant_id=merchant_id,
        item=item,
        quantity=verdict.quantity,
        grade=verdict.grade,
        disposition=verdict.disposition,
        place_code=place,
        by_name=str(actor)[:150],
    )
    ReturnItem.objects.filter(pk=item.pk).update(inspected=F("inspected") + verdict.quantity)
    waiting = ReturnItem.objects.filter(
        merchant_id=merchant_id, return_request=return_id, inspected__lt=F("expected")
    ).exists()
    if not waiting:
        finish_return(merchant_id, return_id=return_id, actor=actor)
    return not waiting


def _lots_of(item: ReturnItem, quantity: int) -> Iterator[tuple[int | None, int, int]]:
    """Give the lots of the next units of an item to be judged: the first that came come first."""
    skip, after = item.inspected, 0
    for lot, came in lots_brought("return", doc_id=item.return_request_id, doc_line=item.pk):
        skipped = min(skip, came)
        skip -= skipped
        if units := min(quantity - after, came - skipped):
            yield lot, units, after
            after += units


def _target(node_id: int, verdict: Verdict) -> tuple[Spot, str]:
    """Give where units go, and the code of that place."""
    if verdict.disposition == "destroy":
        return Spot(place_id=virtual_place("loss"), condition="damaged"), ""
    if verdict.disposition == "restock":
        code = verdict.bin_code.strip().upper()
        found = next((b for b in bins_of(node_id) if b.code.upper() == code), None)
        if found is None:
            raise NoSuchBin(code=verdict.bin_code[:30] or "—")
        return Spot(place_id=found.id), found.code
    place = place_of(node_id, kind="quarantine")
    condition = "damaged" if verdict.grade == "broken" else "quarantine"
    return Spot(place_id=place.pk, condition=condition), place.code
