"""From the dock into a bin: what a person scans is checked, not believed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.choose_bin import choose_bin
from colisage.inbound.actions.refuse_held import refuse_held
from colisage.inbound.actions.refuse_portions import refuse_portions
from colisage.inbound.models import Receipt
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import place_of


class InspectionDue(Refused):
    """The goods wait for their inspection."""

    code = "inspection_due"
    text = _("These goods are inspected first. Answer the list, then put them away.")


@dataclass(frozen=True, slots=True)
class Portion:
    """So many units of one receipt."""

    receipt_id: int
    qty: int


@transaction.atomic
def put_away_many(
    merchant_id: int, portions: Sequence[Portion], *, bin_code: str, actor: Actor, override: bool = False
) -> dict[int, int]:
    """Put units of several receipts of one SKU at one node into a bin, all or none; give what stays loose of each.

    Refused into a bin that is full, of another storage type or being counted (nobody overrides these), and into one
    that a rule of the node speaks against, unless `override`: that is asked at the door, and recorded. Units that were
    found damaged on the dock go to quarantine instead (`UnitsHeld`, `quarantine_loose`).
    """
    receipts = _locked(merchant_id, portions)
    if any(receipt.inspection_due for receipt in receipts.values()):
        raise InspectionDue
    node_id = next(iter(receipts.values())).node_id
    wanted = {portion.receipt_id: portion.qty for portion in portions}
    refuse_portions(receipts.values(), units=wanted)
    refuse_held(list(receipts.values()), units=wanted)
    units = sum(wanted.values())
    target = choose_bin(
        next(iter(receipts.values())), units=units, code=bin_code, lots_mixed=len(receipts) > 1, override=override
    )
    dock = place_of(node_id, kind="dock").pk
    post_movements([_move(receipts[p.receipt_id], p, dock=dock, target=target.place_id) for p in portions], actor=actor)
    for portion in portions:
        Receipt.objects.filter(pk=portion.receipt_id).update(put_away=F("put_away") + portion.qty)
    if target.overridden:
        told = {"bin": target.code, "why": target.overridden}
        deeds = [Deed("receipt", p.receipt_id, "putaway_overridden", told, merchant_id) for p in portions]
        record_deeds(deeds, actor=actor)
    return {p.receipt_id: receipts[p.receipt_id].loose - p.qty for p in portions}


def _locked(merchant_id: int, portions: Sequence[Portion]) -> dict[int, Receipt]:
    ids = {p.receipt_id for p in portions}
    rows = Receipt.objects.filter(merchant_id=merchant_id, pk__in=ids, undone_at=None).select_related("sku")
    found = {r.pk: r for r in rows.select_for_update(no_key=True, of=("self",)).order_by("pk")}
    alike = {(r.node_id, r.sku_id) for r in found.values()}
    if len(found) != len(ids) or len(ids) != len(portions) or len(alike) != 1:
        raise NotThere
    return found


def _move(receipt: Receipt, portion: Portion, *, dock: int, target: int) -> Move:
    here = Spot(place_id=dock, lot_id=receipt.lot_id, owner_id=receipt.owner_id)
    return Move(
        merchant_id=receipt.merchant_id, sku_id=receipt.sku_id, qty=portion.qty, source=here,
        target=replace(here, place_id=target), reason="putaway", doc_kind="putaway", doc_id=receipt.pk,
        seq=receipt.put_away,
    )  # fmt: skip
