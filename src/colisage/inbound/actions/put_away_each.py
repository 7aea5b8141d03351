"""From the dock into bins, onto plates or to quarantine, as a program says: each receipt judged by itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.load_plate import load_plate
from colisage.inbound.actions.put_away_many import Portion, put_away_many
from colisage.inbound.actions.quarantine_loose import quarantine_loose
from colisage.inbound.actions.refuse_portions import TooMany
from colisage.inbound.models import Receipt
from colisage.inventory.actions.lock_places import lock_places
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.queries.documents import new_document
from colisage.inventory.queries.plates import plates_with
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.queries import place_of
from colisage.network.queries.places import places_coded


class BinOrPlate(Malformed):
    """Units go into a bin or onto a plate."""

    code = "bin_or_plate"
    text = _("Name the bin they go into, or the plate they are put on: one of them.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPutAway:
    """Units of a receipt (none said: all that stand loose), into a bin or onto a plate, by their codes."""

    receipt_id: int
    bin: str = ""
    plate: str = ""
    units: int | None = None


@dataclass(frozen=True, slots=True)
class PutAway:
    """What became of units: put_away, loaded or quarantined; how many, and what stays loose of the receipt."""

    outcome: str
    units: int
    left: int


@transaction.atomic
def put_away_each(merchant_id: int, wanted: Sequence[ToPutAway], *, actor: Actor) -> list[Refused | PutAway]:
    """Put units away, one receipt after another; give what became of each, or why it was refused.

    Into the quarantine of the node goes what cannot be sold, all of it. See `put_away_many`, `load_plate` and
    `quarantine_loose` for what is refused; what speaks against a bin is not overridden here.
    """
    rows = Receipt.objects.filter(merchant_id=merchant_id, pk__in={one.receipt_id for one in wanted}, undone_at=None)
    receipts = {row.pk: row for row in rows.select_for_update(no_key=True).order_by("pk")}
    lock_free({row.sku_id for row in receipts.values()})
    lock_bins({row.node_id for row in receipts.values()}, codes={one.bin for one in wanted if one.bin})
    codes = {one.plate.strip().upper() for one in wanted if one.plate}
    plates = {plate.code: plate.id for plate in plates_with([merchant_id], codes=codes)} if codes else {}

    def put(one: ToPutAway) -> PutAway:
        if one.receipt_id not in receipts:
            raise NotThere
        return _put(one, merchant_id, plates=plates, actor=actor)

    return each(wanted, put)


def lock_bins(node_ids: Collection[int], *, codes: Collection[str]) -> None:
    """Hold the bins of nodes that somebody names, all at once and in order; their SKUs are locked before."""
    places = places_coded(node_ids, codes=codes) if codes else {}
    lock_places({place.id for place in places.values() if place.kind == "bin" and place.active})


def _put(one: ToPutAway, merchant_id: int, *, plates: Mapping[str, int], actor: Actor) -> PutAway:
    if bool(one.bin) == bool(one.plate):
        raise BinOrPlate
    receipt = Receipt.objects.get(pk=one.receipt_id)  # as the items before left it
    units = receipt.loose if one.units is None else one.units
    if not receipt.loose:
        raise TooMany(left=0)
    portions = [Portion(receipt.pk, units)]
    if one.plate:
        if (plate := plates.get(one.plate.strip().upper())) is None:
            raise NotThere
        left = load_plate(merchant_id, portions, plate_id=plate, document=new_document(), actor=actor)
        return PutAway("loaded", units, left[receipt.pk])
    if one.bin.strip().upper() == place_of(receipt.node_id, kind="quarantine").code.upper():
        units = quarantine_loose(merchant_id, receipt_id=receipt.pk, actor=actor)
        return PutAway("quarantined", units, receipt.loose - units)
    left = put_away_many(merchant_id, portions, bin_code=one.bin, actor=actor)
    return PutAway("put_away", units, left[receipt.pk])
