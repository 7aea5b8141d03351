"""Which bin for which goods: pure. Rules of a node, in order, refuse bins or rank them, and say why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Final

STORAGE, CAPACITY, CROSS_DOCK = "storage", "capacity", "cross_dock"
SAME_SKU, SAME_LOT, ALONE, LOT_ALONE = "same_sku", "same_lot", "alone", "lot_alone"
FAST_NEAR, EMPTY, NEAR = "fast_near", "empty", "near"
HARD: Final = (STORAGE, CAPACITY)  # nobody overrides them: the goods would spoil, or not fit
AMBIENT, HAZARDOUS = "ambient", "hazardous"


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the table: what it looks at, and whether a bin must comply or only does better when it does."""

    kind: str
    must: bool = False


DEFAULT: Final = (
    Rule(STORAGE, must=True),
    Rule(CAPACITY, must=True),
    Rule(CROSS_DOCK),
    Rule(SAME_LOT),
    Rule(SAME_SKU),
    Rule(ALONE),
    Rule(FAST_NEAR),
    Rule(NEAR),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Units to put away. Sizes are of one unit, None where the catalogue does not know them.

    `speed` is the class by picks: A often, B sometimes, C seldom or never. `owed` are the units people wait for.
    """

    sku_id: int
    units: int
    lot_id: int | None = None
    volume_mm3: int | None = None
    grams: int | None = None
    storage: str = AMBIENT
    speed: str = "C"
    owed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """A bin and what lies in it. Capacities are None where there is no limit known."""

    id: int
    code: str
    walk: int = 0
    distance_mm: int = 0  # from the packing bench
    storage: str = AMBIENT
    cross_dock: bool = False
    frozen: bool = False  # it is being counted
    volume_mm3: int | None = None
    max_grams: int | None = None
    used_mm3: int = 0
    used_grams: int = 0
    unknown: int = 0  # units in it whose size nobody knows
    skus: frozenset[int] = frozenset()
    lots: Mapping[int, frozenset[int | None]] = field(default_factory=dict)  # of each SKU in it
    strangers: int = 0  # other SKUs, which nobody asked about or may not see


@dataclass(frozen=True, slots=True)
class Note:
    """A reason for or against a bin; `code` is worded by the screen, with these numbers."""

    code: str
    good: bool
    places: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A bin, judged: what speaks for and against it, what refuses it, and how many units fit."""

    bin: Bin
    score: tuple[float, ...]
    notes: tuple[Note, ...]
    refusals: tuple[Note, ...]
    fits: int

    @property
    def allowed(self) -> bool:
        """Say whether the bin may be used without asking anybody."""
        return not self.refusals

    @property
    def hard(self) -> Note | None:
        """Give the refusal that nobody overrides."""
        return next((r for r in self.refusals if r.code in {"frozen", "wrong_storage", "full"}), None)


def room(goods: Goods, spot: Bin) -> tuple[int, bool]:
    """Say how many units fit beside what lies there, and whether that is certain."""
    certain, fits = True, goods.units
    for size, limit, used in (
        (goods.volume_mm3, spot.volume_mm3, spot.used_mm3),
        (goods.grams, spot.max_grams, spot.used_grams),
    ):
        if limit is None:
            continue
        if size is None or spot.unknown:
            certain = False
        if size:
            fits = min(fits, max(0, limit - used) // size)
        elif size is None and used >= limit:
            fits = 0
    return fits, certain


def judge(goods: Goods, spot: Bin, rules: Sequence[Rule]) -> Judged:
    """Judge one bin by the rules of its node, in their order."""
    fits, certain = room(goods, spot)
    notes: list[Note] = []
    refusals = [Note("frozen", good=False)] if spot.frozen else []
    score: list[float] = []
    if not certain:
        notes.append(Note("size_unknown", good=False))
    for rule in rules:
        value, note = _JUDGES[rule.kind](goods, spot, fits)
        score.append(value)
        if note is not None and not note.good and (rule.must or rule.kind in HARD):
            refusals.append(note)
        elif note is not None:
            notes.append(note)
    return Judged(spot, tuple(score), tuple(notes), tuple(refusals), fits)


Verdict = tuple[float, Note | None]


def _storage(goods: Goods, spot: Bin, _fits: int) -> Verdict:
    same = (goods.storage or AMBIENT) == (spot.storage or AMBIENT)
    return (0, None) if same else (1, _against("wrong_storage"))


def _capacity(goods: Goods, _spot: Bin, fits: int) -> Verdict:
    if fits >= goods.units:
        return 0, None
    return (1, _for("part_fits", fits=fits)) if fits else (2, _against("full"))


def _cross_dock(goods: Goods, spot: Bin, _fits: int) -> Verdict:
    if not spot.cross_dock:
        return 0, None
    return (-1, _for("waited_for", owed=goods.owed)) if goods.owed else (1, _against("kept_free"))


def _same_sku(goods: Goods, spot: Bin, _fits: int) -> Verdict:
    return (0, _for("same_sku")) if goods.sku_id in spot.skus else (1, _against("elsewhere"))


def _same_lot(goods: Goods, spot: Bin, _fits: int) -> Verdict:
    here = goods.lot_id is not None and goods.lot_id in spot.lots.get(goods.sku_id, ())
    return (0, _for("same_lot")) if here else (1, None)


def _alone(goods: Goods, spot: Bin, _fits: int) -> Verdict:
    others = len(spot.skus - {goods.sku_id}) + spot.strangers
    return (others, _against("mixed")) if others else (0, None)


def _lot_alone(goods: Goods, spot: Bin, _fits: int) -> Verdict:
    others = spot.lots.get(goods.sku_id, frozenset()) - {goods.lot_id}
    return (1, _against("lots_mixed")) if others else (0, None)


def _fast_near(goods: Goods, spot: Bin, _fits: int) -> Verdict:
    """The often picked belong near the bench, the seldom picked leave that room to them."""
    metres = round(spot.distance_mm / 1000)
    if goods.speed == "A":
        return spot.distance_mm, _for("fast", metres=metres)
    if goods.speed == "B":
        return 0, None
    return -spot.distance_mm, None if goods.sku_id in spot.skus else _for("slow", metres=metres)


def _empty(_goods: Goods, spot: Bin, _fits: int) -> Verdict:
    return (1, None) if spot.skus or spot.strangers else (0, _for("empty"))


def _near(_goods: Goods, spot: Bin, _fits: int) -> Verdict:
    return spot.walk, None


@lru_cache(maxsize=4_096)  # a page judges hundreds of bins, and says the same of most
def _for(code: str, **places: int) -> Note:
    return Note(code, good=True, places=tuple(places.items()))


@cache
def _against(code: str) -> Note:
    return Note(code, good=False)


_JUDGES: Final[Mapping[str, Callable[[Goods, Bin, int], Verdict]]] = {
    STORAGE: _storage, CAPACITY: _capacity, CROSS_DOCK: _cross_dock, SAME_SKU: _same_sku, SAME_LOT: _same_lot,
    ALONE: _alone, LOT_ALONE: _lot_alone, FAST_NEAR: _fast_near, EMPTY: _empty, NEAR: _near,
}  # fmt: skip


def judge_whole(load: Sequence[Goods], spot: Bin, rules: Sequence[Rule]) -> Judged:
    """Judge one bin for goods that are put away together, such as a pallet: all of them fit, or it is full.

    Each is judged beside those before it, so that a mixed pallet meets every rule as its goods would one by one.
    """
    score = [0.0] * len(rules)
    notes: dict[Note, None] = {}
    refusals: dict[Note, None] = {}
    seen, fits = spot, True
    for goods in load:
        judged = judge(goods, seen, rules)
        fits = fits and judged.fits >= goods.units
        score = [sum(pair) for pair in zip(score, judged.score, strict=True)]
        notes |= dict.fromkeys(note for note in judged.notes if note.code != "part_fits")
        refusals |= dict.fromkeys(judged.refusals)
        seen = after(seen, goods, goods.units)
    if not fits and any(rule.kind == CAPACITY for rule in rules):
        refusals[_against("full")] = None
    return Judged(spot, tuple(score), tuple(notes), tuple(refusals), sum(g.units for g in load) if fits else 0)


def after(spot: Bin, goods: Goods, units: int) -> Bin:
    """Give the bin as it will be with these units in it."""
    lots = {**spot.lots, goods.sku_id: spot.lots.get(goods.sku_id, frozenset()) | {goods.lot_id}}
    return replace(
        spot,
        used_mm3=spot.used_mm3 + units * (goods.volume_mm3 or 0),
        used_grams=spot.used_grams + units * (goods.grams or 0),
        unknown=spot.unknown + (0 if goods.volume_mm3 and goods.grams else units),
        skus=spot.skus | {goods.sku_id},
        lots=lots,
    )
