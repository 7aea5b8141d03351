"""From the dock into a bin: what a person scans is checked, not believed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries.storing import storage_of
from colisage.inbound.models import Receipt
from colisage.inbound.queries.putaway import bins_of_nodes, goods_of, kept_as, note_says, rules_of
from colisage.inbound.rules.putaway import CAPACITY, Bin, judge
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import place_of


class NoSuchBin(Refused):
    """The code is no bin of this node."""

    code = "no_such_bin"
    text = _("%(code)s is not a bin here. Scan the plate of a bin.")


class TooMany(Refused):
    """More units than stand on the dock."""

    code = "too_many"
    text = _("Only %(left)s units of this delivery stand on the dock.")


class InspectionDue(Refused):
    """The goods wait for their inspection."""

    code = "inspection_due"
    text = _("These goods are inspected first. Answer the list, then put them away.")


class BinFull(Refused):
    """The units do not fit."""

    code = "bin_full"
    text = _("%(bin)s has room for %(fits)s of %(units)s units. Put the others elsewhere.")


class WrongStorage(Refused):
    """The bin is not made for such goods."""

    code = "wrong_storage"
    text = _("%(bin)s is not made for these goods. They need another storage type.")


class BinFrozen(Refused):
    """The bin is being counted."""

    code = "bin_frozen"
    text = _("%(bin)s is being counted. Choose another bin.")


class AgainstRules(Refused):
    """A rule of the node speaks against the bin; a person with the right may decide otherwise."""

    code = "against_putaway_rules"
    text = _("Not into %(bin)s: %(why)s. A manager may decide otherwise.")


@dataclass(frozen=True, slots=True)
class Portion:
    """So many units of one receipt."""

    receipt_id: int
    qty: int


@transaction.atomic
def put_away_many(
    merchant_id: int, portions: Sequence[Portion], *, bin_code: str, actor: Actor, override: bool = False
) -> dict[int, int]:
    """Put units of several receipts of one SKU at one node into a bin, all or none; give what is left of each.

    Refused into a bin that is full, of another storage type or being counted (nobody overrides these), and into one
    that a rule of the node speaks against, unless `override`: that is asked at the door, and recorded.
    """
    receipts = _locked(merchant_id, portions)
    if any(receipt.inspection_due for receipt in receipts.values()):
        raise InspectionDue
    node_id = next(iter(receipts.values())).node_id
    known = {b.code.upper(): b for b in bins_of_nodes([node_id])[node_id]}
    target = known.get(bin_code.strip().upper())
    if target is None:
        raise NoSuchBin(code=bin_code[:30])
    for portion in portions:
        left = receipts[portion.receipt_id].left
        if not 0 < portion.qty <= left:
            raise TooMany(left=left)
    units = sum(portion.qty for portion in portions)
    overridden = _refuse(
        list(receipts.values()), units=units, target=target, bins=list(known.values()), override=override
    )
    dock = place_of(node_id, kind="dock").pk
    post_movements([_move(receipts[p.receipt_id], p, dock=dock, target=target.id) for p in portions], actor=actor)
    for portion in portions:
        Receipt.objects.filter(pk=portion.receipt_id).update(put_away=F("put_away") + portion.qty)
    if overridden:
        told = {"bin": target.code, "why": overridden}
        deeds = [Deed("receipt", p.receipt_id, "putaway_overridden", told, merchant_id) for p in portions]
        record_deeds(deeds, actor=actor)
    return {p.receipt_id: receipts[p.receipt_id].left - p.qty for p in portions}


def _locked(merchant_id: int, portions: Sequence[Portion]) -> dict[int, Receipt]:
    ids = {p.receipt_id for p in portions}
    rows = Receipt.objects.filter(merchant_id=merchant_id, pk__in=ids, undone_at=None).select_related("sku")
    found = {r.pk: r for r in rows.select_for_update(no_key=True, of=("self",)).order_by("pk")}
    alike = {(r.node_id, r.sku_id) for r in found.values()}
    if len(found) != len(ids) or len(ids) != len(portions) or len(alike) != 1:
        raise NotThere
    return found


def _refuse(receipts: Sequence[Receipt], *, units: int, target: Bin, bins: Sequence[Bin], override: bool) -> str:
    """Refuse what may not lie in the bin; give the rules overridden."""
    receipt = receipts[0]
    rules = rules_of([receipt.node_id])[receipt.node_id]
    stores = storage_of([receipt.merchant_id], sku_ids=[receipt.sku_id])
    storage = kept_as(receipt, storage=stores.get(receipt.sku_id, ""), bins=bins)
    goods = goods_of(receipt, units=units, storage=storage)
    if len(receipts) > 1:
        goods = replace(goods, lot_id=None)
    verdict = judge(goods, target, rules)
    if verdict.fits < units and any(rule.kind == CAPACITY for rule in rules):
        raise BinFull(bin=target.code, fits=verdict.fits, units=units)
    if verdict.hard is not None:
        raise (BinFrozen if verdict.hard.code == "frozen" else WrongStorage)(bin=target.code)
    if not verdict.refusals:
        return ""
    if not override:
        raise AgainstRules(bin=target.code, why=", ".join(note_says(note) for note in verdict.refusals))
    return ", ".join(note.code for note in verdict.refusals)


def _move(receipt: Receipt, portion: Portion, *, dock: int, target: int) -> Move:
    here = Spot(place_id=dock, lot_id=receipt.lot_id, owner_id=receipt.owner_id)
    return Move(
        merchant_id=receipt.merchant_id, sku_id=receipt.sku_id, qty=portion.qty, source=here,
        target=replace(here, place_id=target), reason="putaway", doc_kind="putaway", doc_id=receipt.pk,
        seq=receipt.put_away,
    )  # fmt: skip
