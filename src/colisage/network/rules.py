"""Pure: the calendar of a node, when what is accepted now leaves; codes on the floor, aisles, and the walk."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from colisage.kit.errors import Malformed

WEEKDAYS = (1, 2, 3, 4, 5)  # ISO: Monday to Friday
FAR_MM: Final = 1_000_000  # a kilometre from the bench
MOST_MM3: Final = 10**12
MOST_GRAMS: Final = 10**8  # on one shelf
MOST_CENTS: Final = 99_999_999  # for handling one order
MOST_LEVELS: Final = 20  # of an aisle; one bin may stand higher
HIGHEST: Final = 99
MOST_BAYS: Final = 500
LAST_BAY: Final = 9_000  # the first of an aisle has no higher number
LONGEST_BAY_MM: Final = 20_000
_CODE: Final = re.compile(r"[A-Z0-9]+(?:[-.][A-Z0-9]+)*")


class NotACode(Malformed):
    """What is written on zones and bins is scanned and typed: letters, figures, and marks between them."""

    code = "not_a_code"
    text = _("Write a code with letters, figures and hyphens, such as A-01-1.")


class NotAnAisle(Malformed):
    """An aisle is the first part of the codes of its bins."""

    code = "not_an_aisle"
    text = _("An aisle is named by letters and figures only.")


def floor_code(typed: str) -> str:
    """Give the code of a zone or a bin as it is written, in capitals; raise `NotACode`."""
    code = typed.strip().upper()
    if not _CODE.fullmatch(code):
        raise NotACode
    return code


def aisle_code(typed: str) -> str:
    """Give the code of an aisle in capitals: one part of a code. Raises `NotACode` or `NotAnAisle`."""
    aisle = floor_code(typed)
    if not aisle.isalnum():
        raise NotAnAisle
    return aisle


def departure(
    now: datetime, *, cutoff: time, timezone: str, working_days: Collection[int], closed: Collection[date]
) -> datetime:
    """Give a node's next cut-off, by its clock: today's if it is still to come and the node works, else a later one."""
    zone = ZoneInfo(timezone)
    local = now.astimezone(zone)
    day = local.date()
    if local.time() >= cutoff:
        day += timedelta(days=1)
    for _day in range(366):
        if day.isoweekday() in (working_days or WEEKDAYS) and day not in closed:
            break
        day += timedelta(days=1)
    return datetime.combine(day, cutoff, tzinfo=zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBin:
    """A bin to be made; coordinates in millimetres on the plan, from the packing bench."""

    code: str
    x_mm: int
    y_mm: int
    level: int
    volume_mm3: int | None = None
    max_grams: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AislePattern:
    """An aisle as people describe it: so many bays of so many levels, from a first bay on."""

    aisle: str
    bays: int
    levels: int
    x_mm: int
    y_mm: int
    bay_mm: int  # from the middle of a bay to the middle of the next
    along: str = "y"  # the axis of the plan on which the aisle runs
    first_bay: int = 1
    from_far_end: bool = False  # the standing walk enters the aisle by its last bay
    volume_mm3: int | None = None
    max_grams: int | None = None

    @property
    def count(self) -> int:
        """Say how many bins this makes."""
        return self.bays * self.levels


def bins_of_aisle(pattern: AislePattern) -> list[NewBin]:
    """Write out the bins of an aisle in the order of the walk: bay after bay, each from the floor up."""
    last = pattern.first_bay + pattern.bays - 1
    digits = max(2, len(str(last)))  # of equal length, so that codes sort as they stand
    bays = range(pattern.bays)
    return [
        NewBin(
            code=f"{pattern.aisle}-{pattern.first_bay + bay:0{digits}}-{level:0{len(str(pattern.levels))}}",
            x_mm=pattern.x_mm + (bay * pattern.bay_mm if pattern.along == "x" else 0),
            y_mm=pattern.y_mm + (bay * pattern.bay_mm if pattern.along == "y" else 0),
            level=level,
            volume_mm3=pattern.volume_mm3,
            max_grams=pattern.max_grams,
        )
        for bay in (reversed(bays) if pattern.from_far_end else bays)
        for level in range(1, pattern.levels + 1)
    ]


@dataclass(frozen=True, slots=True)
class Walked:
    """A bin on the standing walk: its aisle, and where it stands on the plan."""

    id: int
    aisle: str
    code: str
    spot: tuple[int, int]


def walk_by_aisles(walk: Sequence[Walked], *, order: Sequence[tuple[str, bool]]) -> list[int]:
    """Give the ids of bins along a walk that enters aisles in this order; others come last, as before.

    Of an aisle that is turned the last bay comes first. Bins above one another keep their order.
    """
    bays: dict[str, dict[tuple[int, int], list[int]]] = {name: {} for name, _turned in order}
    for one in walk:
        bays.setdefault(one.aisle, {}).setdefault(one.spot, []).append(one.id)
    turned = dict(order)
    return [
        pk
        for aisle, spots in bays.items()
        for spot in (reversed(spots) if turned.get(aisle) else spots)
        for pk in spots[spot]
    ]


def walk_after(walk: Sequence[Walked], *, moved: int, after: int | None) -> list[int]:
    """Give the ids of bins along a walk on which one follows another, or comes first."""
    ids = [one.id for one in walk if one.id != moved]
    place = ids.index(after) + 1 if after is not None else 0
    return [*ids[:place], moved, *ids[place:]]


def overlap(first: date, *, last: date | None, other_first: date, other_last: date | None) -> bool:
    """Say whether two spans of days have a day in common; without a last day they go on."""
    return (last is None or other_first <= last) and (other_last is None or first <= other_last)


def said_in(words: Mapping[str, str], *, language: str) -> str:
    """Give what was written in a language, else in another one, else nothing."""
    return words.get(language) or next((text for text in words.values() if text), "")
