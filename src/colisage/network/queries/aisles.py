"""The aisles of a floor: what the codes of its bins begin with."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from colisage.network.models import Place
from colisage.network.rules import Walked
from colisage.ui import words


@dataclass(frozen=True, slots=True)
class AisleRow:
    """An aisle along the walk: how many bins it has, in use or not, and the codes of the first and the last."""

    name: str
    bins: int
    first: str
    last: str


def aisle_of(code: str) -> str:
    """Give the aisle that a code names: its first part, in capitals."""
    return next(iter(words.bin_parts(code)), "").upper()


def aisle_numbers(node_id: int) -> dict[str, int]:
    """Give the number of each aisle of a node by the beginning of its bins' codes."""
    rows = Place.objects.filter(node_id=node_id, kind="bin").order_by("pk").values_list("code", "aisle")
    found: dict[str, int] = {}
    for code, aisle in rows:
        found.setdefault(aisle_of(code), aisle)
    return found


def walked(node_id: int) -> list[Walked]:
    """Give all bins of a node along the walk, those not in use with them; one statement."""
    rows = Place.objects.filter(node_id=node_id, kind="bin").order_by("walk", "pk")
    return [
        Walked(pk, aisle_of(code), code, (x, y)) for pk, code, x, y in rows.values_list("pk", "code", "x_mm", "y_mm")
    ]


def aisles_along(node_id: int) -> list[AisleRow]:
    """Give the aisles of a node in the order in which the walk enters them."""
    return _aisles(walked(node_id))


def _aisles(bins: Sequence[Walked]) -> list[AisleRow]:
    codes: dict[str, list[str]] = defaultdict(list)
    for one in bins:
        codes[one.aisle].append(one.code)
    return [AisleRow(name, len(of), of[0], of[-1]) for name, of in codes.items()]


def bin_before(node_id: int, *, place_id: int) -> str:
    """Give the code of the bin that comes before another along the walk; empty for the first."""
    before = ""
    for one in walked(node_id):
        if one.id == place_id:
            break
        before = one.code
    return before
