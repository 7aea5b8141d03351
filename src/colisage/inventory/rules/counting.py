"""What a count comes to: compared with the books, counted again, approved, posted; and which bins are due."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

TO_DO = ("open", "counting", "recount")  # states in which somebody is to count
LIVE = ("open", "counting", "recount", "counted")  # not settled yet: a bin has one such count at most
TO_COUNT = ("open", "recount")


@dataclass(frozen=True, slots=True)
class Sort:
    """What units in a bin have in common; a counter sees everything but who owns them."""

    merchant_id: int
    sku_id: int
    lot_id: int | None
    condition: str
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """Units of a sort that the books expected, and those that were counted."""

    expected: int
    counted: int

    @property
    def difference(self) -> int:
        """Give what is there beyond the books; negative where units are missing."""
        return self.counted - self.expected


def compare(book: Mapping[Sort, int], *, noted: Mapping[Sort, int]) -> dict[Sort, Compared]:
    """Set what was noted against the books; what nobody noted was not there.

    `noted` knows no owners. Where goods of several owners lie together each gets what the books say, the merchant's
    own first; what is missing is missing to the last, what is too many is the first's.
    """
    owners: dict[Sort, list[Sort]] = {sort: [] for sort in noted}
    for sort in sorted(book, key=lambda s: (s.owner_id is not None, s.owner_id or 0)):
        owners.setdefault(replace(sort, owner_id=None), []).append(sort)
    found: dict[Sort, Compared] = {}
    for sort, owned in owners.items():
        left = noted.get(sort, 0)
        for one in owned or [sort]:
            units = min(left, book.get(one, 0))
            left -= units
            found[one] = Compared(book.get(one, 0), units)
        first = (owned or [sort])[0]
        found[first] = Compared(found[first].expected, found[first].counted + left)
    return {sort: one for sort, one in found.items() if one.expected or one.counted}


def same_person(one: tuple[int | None, str], *, other: tuple[int | None, str]) -> bool:
    """Say whether two, each a person's id (null for a machine) and a name, are one and the same."""
    return one[0] == other[0] if one[0] or other[0] else one[1] == other[1]


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a count may be from the books: units of one sort before a second person counts, and units and cents
    of a bin before a manager decides."""  # noqa: D205, D209 -- one sentence

    tolerance: int = 0
    units: int = 10
    cents: int = 10_000


@dataclass(frozen=True, slots=True)
class Judged:
    """What judging needs to know of one sort: units too many (negative: missing), and what one unit is worth."""

    merchant_id: int
    difference: int
    unit_cents: int


def needs_recount(found: Iterable[Judged], *, limits: Mapping[int, Limits]) -> bool:
    """Say whether a second person counts: one sort of units differs by more than its merchant tolerates."""
    return any(abs(one.difference) > limits[one.merchant_id].tolerance for one in found)


def needs_approval(found: Iterable[Judged], *, limits: Mapping[int, Limits]) -> bool:
    """Say whether a manager decides: a merchant's differences in the bin are above one of the limits.

    What is missing does not make up for what is too many.
    """
    units, cents = Counter[int](), Counter[int]()
    for one in found:
        units[one.merchant_id] += abs(one.difference)
        cents[one.merchant_id] += abs(one.difference * one.unit_cents)
    return any(units[m] > limits[m].units or cents[m] > limits[m].cents for m in units)


def verdict(
    found: Sequence[Judged],
    *,
    limits: Mapping[int, Limits],
    counted: Mapping[Sort, int],
    before: Mapping[Sort, int] | None,
    strays: bool,
) -> str:
    """Give the state in which a finished count leaves its bin: `recount`, `counted` (a manager decides) or `approved`.

    `before` is what the count before this one found; None for a first count. A second count that agrees with the
    books ends it; one that agrees neither with them nor with the first is for a manager, and so is any unit whose
    code nobody knows (`strays`).
    """
    wrong = [one for one in found if one.difference]
    if before is None and needs_recount(wrong, limits=limits):
        return "recount"
    disagree = before is not None and bool(wrong) and before != counted
    if strays or disagree or needs_approval(wrong, limits=limits):
        return "counted"
    return "approved"


def settle(differences: Mapping[Sort, int]) -> list[tuple[Sort | None, Sort | None, int]]:
    """Turn differences into movements, as (from, to, units); None is outside: found there, or lost to there.

    Units that only changed their condition move from one to the other: nothing was lost. The rest is lost or found.
    """
    kin: dict[Sort, list[Sort]] = defaultdict(list)
    for sort in differences:
        kin[replace(sort, condition="")].append(sort)
    moves: list[tuple[Sort | None, Sort | None, int]] = []
    for sorts in kin.values():
        left = {sort: differences[sort] for sort in sorted(sorts, key=lambda s: s.condition)}
        for short, over in product(tuple(left), repeat=2):
            units = min(-left[short], left[over])
            if units > 0:
                moves.append((short, over, units))
                left[short] += units
                left[over] -= units
        moves += [(sort, None, -units) if units < 0 else (None, sort, units) for sort, units in left.items() if units]
    return moves


def draw(cells: Sequence[tuple[int, int, int]], *, units: int) -> list[tuple[int, int]]:
    """Choose the cells that lose units, as (cell, units): first what is bound to nobody, then the rest.

    `cells` is (cell, units there, units bound), in the order in which they are drawn from.
    """
    taken = Counter[int]()
    for spare in ([there - bound for _, there, bound in cells], [bound for *_, bound in cells]):
        for (cell, *_), most in zip(cells, spare, strict=True):
            take = min(units, most)
            taken[cell] += take
            units -= take
    return [(cell, lost) for cell, lost in taken.items() if lost]


def abc_classes(picks: Mapping[int, int]) -> dict[int, str]:
    """Class SKUs by their picks: A makes the first 80 % of them, B the next 15 %, C the rest and what never moves."""
    total, before, classes = sum(picks.values()), 0, {}
    for sku in sorted(picks, key=lambda s: (-picks[s], s)):
        if not picks[sku]:
            classes[sku] = "C"
        else:
            classes[sku] = "A" if before * 100 < total * 80 else "B" if before * 100 < total * 95 else "C"
        before += picks[sku]
    return classes


@dataclass(frozen=True, slots=True)
class BinFacts:
    """What is known of a bin when the next count is planned. Value in cents; movements of the last 90 days."""

    place_id: int
    code: str
    walk: int
    sku_ids: tuple[int, ...]
    units: int
    value_cents: int
    days: int | None  # since the last count; None: never counted
    movements: int  # since then
    shorts: int  # short picks since then
    planned: bool  # a count of it is not settled yet


@dataclass(frozen=True, slots=True)
class Due:
    """A bin to count, and why: `abc` with its class, or `risk` with its points; `detail` is the one that weighs."""

    bin: BinFacts
    why: str  # never | class_a | class_b | class_c | shorts | long_ago | busy | dear
    points: int = 0


EVERY_DAYS: Mapping[str, int] = {"A": 30, "B": 90, "C": 180}


def due_by_abc(
    bins: Iterable[BinFacts], *, classes: Mapping[int, str], most: int, every: Mapping[str, int] = EVERY_DAYS
) -> list[Due]:
    """Choose the bins whose class asks for a count today: the longest overdue first, what was never counted before.

    A bin is of the best class among its SKUs. Empty bins are left out.
    """
    due = []
    for one in bins:
        if one.planned or not one.units:
            continue
        best = min((classes.get(sku, "C") for sku in one.sku_ids), default="C")
        if one.days is None or one.days >= every[best]:
            overdue = float("inf") if one.days is None else one.days / every[best]
            due.append((-overdue, best, one.walk, one.place_id, Due(one, f"class_{best.lower()}")))
    return [row[-1] for row in sorted(due, key=lambda row: row[:-1])[:most]]


def risk(one: BinFacts) -> dict[str, int]:
    """Give the points of a bin by what they are for: 20 a short pick, 1 a week since the last count, a movement since,
    and 100 of value. A week, a movement and a hundred count at most 50 times each, so that none drowns the others.
    """  # noqa: D205 -- one sentence needs two lines
    weeks = 50 if one.days is None else min(one.days // 7, 50)
    return {
        "shorts": 20 * one.shorts,
        "never" if one.days is None else "long_ago": weeks,
        "busy": min(one.movements, 50),
        "dear": min(one.value_cents // 10_000, 50),
    }


def due_by_risk(bins: Iterable[BinFacts], *, most: int) -> list[Due]:
    """Choose the bins with the most points; a bin at which nothing can be wrong is left out."""
    due = []
    for one in bins:
        points = risk(one)
        if not one.planned and (one.units or one.shorts) and any(points.values()):
            due.append(Due(one, max(points, key=lambda why: points[why]), sum(points.values())))
    return sorted(due, key=lambda d: (-d.points, d.bin.walk, d.bin.place_id))[:most]
