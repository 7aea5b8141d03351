"""Moving plates, as a program says: each by its code, into a bin, onto another plate or off it, judged by itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.lock_places import lock_places
from colisage.inventory.actions.move_plates import move_plates
from colisage.inventory.actions.nest_plate import nest_plate
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.queries.documents import new_document
from colisage.inventory.queries.plates import Plate, lying_at, places_of_plates, plates_with, trees_of
from colisage.inventory.rules.moving import PlateCarriesNothing
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.queries import node_ids_serving
from colisage.network.queries.places import PlaceFacts, places_coded


class OneWay(Malformed):
    """A plate goes one way at a time."""

    code = "one_way"
    text = _("Say one of these: the bin it goes to, the plate it is put on, or that it is taken off.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateMove:
    """A plate with all that is on it, by its code: into a bin of its node, onto another plate, or off its own."""

    plate: str
    bin: str = ""
    onto: str = ""
    off: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What the codes of a request stand for; places by node and code, where plates stand by their trees."""

    merchant_id: int
    node_ids: Collection[int]
    plates: Mapping[str, Plate]
    places: Mapping[tuple[int, str], PlaceFacts]

    def plate(self, code: str) -> Plate:
        """Give a plate by its code; raise `NotThere`."""
        if (found := self.plates.get(code.strip().upper())) is None:
            raise NotThere
        return found


@transaction.atomic
def move_plates_named(merchant_id: int, moves: Sequence[PlateMove], *, actor: Actor) -> list[Refused | int]:
    """Move plates, one after another; give the units that went (none where a plate is nested), or why it was refused.

    See `move_plates` and `nest_plate` for what is refused.
    """
    codes = {code.strip().upper() for one in moves for code in (one.plate, one.onto)} - {""}
    plates = plates_with([merchant_id], codes=codes)
    trees = trees_of([merchant_id], plate_ids=[plate.id for plate in plates])
    lock_free({one.sku_id for one in lying_at([merchant_id], plate_ids=[plate.id for plate in trees])})
    nodes = node_ids_serving([merchant_id])[merchant_id]
    bins = {one.bin for one in moves if one.bin}
    places = places_coded(nodes, codes=bins) if bins else {}
    stand = {node for _place, _code, node in places_of_plates([plate.id for plate in trees]).values()}
    lock_places({place.id for (node, _code), place in places.items() if node in stand})
    known = _Known(merchant_id, nodes, {plate.code: plate for plate in plates}, places)
    return each(moves, lambda one: _move(one, known, actor=actor))


def _move(one: PlateMove, known: _Known, *, actor: Actor) -> int:
    if [bool(one.bin), bool(one.onto), one.off].count(True) != 1:
        raise OneWay
    plate = known.plate(one.plate)
    if not one.bin:
        on = known.plate(one.onto).id if one.onto else None
        nest_plate([known.merchant_id], plate_id=plate.id, on_id=on, actor=actor)
        return 0
    trees = trees_of([known.merchant_id], plate_ids=[plate.id])
    node = next((at[2] for at in places_of_plates([each.id for each in trees]).values()), None)
    if node is None:
        raise PlateCarriesNothing(plate=plate.code)
    place = known.places.get((node, one.bin.strip().upper()))
    if place is None:
        raise NotThere
    return move_plates(
        [known.merchant_id], node_ids=known.node_ids, plate_ids=[plate.id], place_id=place.id, document=new_document(),
        actor=actor,
    )  # fmt: skip
