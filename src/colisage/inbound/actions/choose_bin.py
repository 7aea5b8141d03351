"""A bin that somebody scanned for units: judged by the rules of its node, not believed."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries.storing import storage_of
from colisage.inbound.actions.lock_bin import lock_bin
from colisage.inbound.models import Receipt
from colisage.inbound.queries.putaway import Standing, goods_of, kept_as, note_says
from colisage.inbound.queries.shelving import rules_of
from colisage.inbound.rules.putaway import CAPACITY, judge
from colisage.inventory.actions.reserve import lock_free
from colisage.kit.errors import Refused
from colisage.network.queries.storing import keeps_hazardous
from colisage.ui import words


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
class Chosen:
    """The bin that was scanned; `overridden` names the rules that spoke against it, and were overridden."""

    place_id: int
    code: str
    overridden: str = ""


def choose_bin(
    standing: Receipt | Standing, *, units: int, code: str, lots_mixed: bool = False, override: bool = False
) -> Chosen:
    """Give the bin for units; raises `NoSuchBin`, or why they may not lie there.

    It is locked, after the availability of the SKU: nobody else fills it meanwhile.

    Nobody overrides that it is full, of another storage type or being counted; other rules of the node may be.
    """
    node_id = standing.node_id
    lock_free({standing.sku_id})
    target = lock_bin(node_id, code=code, sku_ids=[standing.sku_id])
    rules = rules_of([node_id])[node_id]
    stores = storage_of([standing.merchant_id], sku_ids=[standing.sku_id])
    kept = stores.get(standing.sku_id, "")
    storage = kept_as(standing.sku, storage=kept, hazardous=standing.sku.hazardous and keeps_hazardous(node_id))
    goods = goods_of(standing.sku, lot_id=standing.lot_id, units=units, storage=storage)
    if lots_mixed:
        goods = replace(goods, lot_id=None)
    verdict = judge(goods, target, rules)
    if verdict.fits < units and any(rule.kind == CAPACITY for rule in rules):
        raise BinFull(bin=words.plate(target.code), fits=verdict.fits, units=units)
    if verdict.hard is not None:
        raise (BinFrozen if verdict.hard.code == "frozen" else WrongStorage)(bin=words.plate(target.code))
    if verdict.refusals and not override:
        raise AgainstRules(bin=words.plate(target.code), why=", ".join(note_says(note) for note in verdict.refusals))
    return Chosen(target.id, target.code, ", ".join(note.code for note in verdict.refusals))
