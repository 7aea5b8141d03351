"""Whether units may be moved: out of what is free, into a place of the same node, as far as there is room."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from colisage.kit.errors import Malformed, Refused

MOVABLE: Final = ("bin", "quarantine")  # other places have work of their own: put away, pack, return
DEEPEST: Final = 5  # plates on plates


class NotThatManyFree(Refused):
    """Some of the units are promised to a picker who is on the way."""

    code = "not_that_many_free"
    text = _("Only %(free)s can be moved: the others are being picked from here.")


class NotThatManyHere(NotThatManyFree):
    """More than lie there at all."""

    text = _("Only %(here)s lie here by the books. Count again, or have the bin counted.")


class NoUnitsToMove(Malformed):
    """At least one unit is moved, at most what a place can hold."""

    code = "no_units_to_move"
    text = _("Say how many units you move: a whole number from 1.")


class PlateCarriesNothing(NoUnitsToMove):
    """An empty plate stands nowhere; it goes where its first units go."""

    code = "plate_carries_nothing"
    text = _("Nothing is on %(plate)s yet, so there is nothing to move. Scan a bin and an item, then this plate.")


class ForeignBin(Refused):
    """The place belongs to another node or another operator; units get there by a transfer."""

    code = "foreign_bin"
    text = _("%(place)s is not a bin of %(node)s. Units go to another node by a transfer.")


class NoPlaceForStock(Refused):
    """The place has work of its own, or is not in use."""

    code = "no_place_for_stock"
    text = _("Nothing is moved to %(place)s by hand. Scan a bin.")


class LeavesByOtherWork(NoPlaceForStock):
    """What stands there leaves by the work of that place."""

    text = _("What stands at %(place)s is not moved by hand: it is packed, received or taken back there.")


class StandsOnTheDock(NoPlaceForStock):
    """What was received is put away, not moved: where it goes follows the rules of the node."""

    text = _("It still stands on the dock. Use “Put away” on the floor page.")


class NoRoom(Refused):
    """The place would hold more than it can."""

    code = "no_room"
    text = _("%(place)s is full: it holds %(most)s, and would hold %(then)s.")


class NowhereElse(Malformed):
    """Source and target are the same."""

    code = "nowhere_else"
    text = _("It lies there already. Scan another place.")


class PlateIsPromised(Refused):
    """A picker is on the way to units on the plate."""

    code = "plate_is_promised"
    text = _("%(units)s units on plate %(plate)s are being picked. Move it when that is done.")


class PlateIsClosed(Refused):
    """A closed plate is not used again."""

    code = "plate_is_closed"
    text = _("Plate %(plate)s is closed. Take another one.")


class PlateIsNotEmpty(Refused):
    """Only an empty plate is closed."""

    code = "plate_is_not_empty"
    text = _("Something is still on plate %(plate)s. Take it off first.")


class PlateElsewhere(Refused):
    """A plate, what is on it and what it stands on are in one place."""

    code = "plate_elsewhere"
    text = _("Plate %(plate)s stands at %(place)s. Bring it to the same place first.")


class PlateOnItself(Refused):
    """A plate does not stand on itself, nor on a plate that stands on it."""

    code = "plate_on_itself"
    text = _("Plate %(plate)s cannot stand on itself or on what stands on it.")


class TooDeep(Refused):
    """Plates stand on plates a few times only."""

    code = "plates_too_deep"
    text = _("At most %(most)s plates stand on one another.")


class OtherMerchant(Refused):
    """A plate carries the goods of one merchant."""

    code = "other_merchant"
    text = _("Plate %(plate)s carries the goods of another merchant.")


@dataclass(frozen=True, slots=True)
class Load:
    """Units that come into a place: what they measure and weigh, as far as that is known."""

    place_id: int
    qty: int
    mm3: int  # each; 0 when unknown
    grams: int


@dataclass(frozen=True, slots=True)
class Room:
    """What a place holds and can hold. Nothing is known where a limit is None."""

    code: str
    taken_mm3: int
    taken_grams: int
    most_mm3: int | None
    most_grams: int | None
    active: bool = True


def refuse_overfull(loads: Iterable[Load], rooms: Mapping[int, Room]) -> None:
    """Raise `NoRoom` for the first place that would hold more than it can."""
    volume, weight = Counter[int](), Counter[int]()
    for load in loads:
        volume[load.place_id] += load.qty * load.mm3
        weight[load.place_id] += load.qty * load.grams
    for place_id, room in rooms.items():
        then_mm3, then_grams = room.taken_mm3 + volume[place_id], room.taken_grams + weight[place_id]
        if room.most_grams is not None and weight[place_id] and then_grams > room.most_grams:
            raise NoRoom(place=room.code, most=_kilos(room.most_grams), then=_kilos(then_grams))
        if room.most_mm3 is not None and volume[place_id] and then_mm3 > room.most_mm3:
            raise NoRoom(place=room.code, most=_litres(room.most_mm3), then=_litres(then_mm3))


def _kilos(grams: int) -> str:
    return f"{grams / 1000:.1f} kg"


def _litres(mm3: int) -> str:
    return f"{mm3 / 1_000_000:.0f} l"
