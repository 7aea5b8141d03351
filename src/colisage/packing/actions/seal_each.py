"""Closing parcels as a program says, each judged by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from colisage.inventory.actions.reserve import lock_free
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.kit.halving import by_halves
from colisage.orders.actions.claim_parts import claim_parts
from colisage.packing.actions.seal_parcels import Seal, seal_parcels
from colisage.packing.models import Parcel, ParcelLine


@dataclass(frozen=True, slots=True)
class Closed:
    """A parcel that was closed elsewhere, with its weight; `checked`: all that goes in was checked there."""

    seal: Seal
    checked: bool = False


@transaction.atomic
def seal_each(merchant_id: int, closed: Sequence[Closed], *, actor: Actor) -> dict[int, Refused | bool]:
    """Close a merchant's parcels; say of each whether it closed (False: it was), or why not.

    See `seal_parcels` for what is refused. Of one named twice, the last weight counts. The number of statements depends
    on how many are refused, not on how many close.
    """
    asked = {one.seal.parcel_id: one for one in closed}
    ours = Parcel.objects.filter(merchant_id=merchant_id, pk__in=asked).exclude(state="void")
    claim_parts(set(ours.values_list("fulfillment_order_id", flat=True)))
    states = dict(ours.order_by("pk").values_list("pk", "state"))
    to_close = [pk for pk, state in states.items() if state == "open"]
    lines = ParcelLine.objects.filter(merchant_id=merchant_id, parcel__in=to_close)
    lock_free(set(lines.values_list("sku_id", flat=True)))

    def close(ids: Sequence[int]) -> list[bool]:
        checked = [pk for pk in ids if asked[pk].checked]
        lines.filter(parcel__in=checked).update(scanned=F("quantity"))
        seal_parcels([merchant_id], seals=[asked[pk].seal for pk in ids], actor=actor)
        return [True] * len(ids)

    tried = dict(zip(to_close, by_halves(to_close, work=close), strict=True))
    return {pk: tried.get(pk, False) if pk in states else NotThere() for pk in asked}
