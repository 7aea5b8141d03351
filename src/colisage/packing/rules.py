"""Pure decisions of the bench: which weight is believable, which units go into which parcel, how a parcel is named."""

import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LEAST_SLACK_GRAMS: Final = 30  # paper, tape, the slip, and the scale itself
SLACK_PER_CENT: Final = 3
UNMEASURED_PER_CENT: Final = 100  # some weight of the contents is a guess
_PARCEL: Final = re.compile(r"CL-?(\d{1,18})-(\d{1,4})", re.IGNORECASE)
_TOTE: Final = re.compile(r"B(\d{1,18})(?:-(\d{1,4}))?", re.IGNORECASE)


def believable(expected_grams: int, *, measured: bool = True) -> tuple[int, int]:
    """Give the lowest and the highest weight that the contents explain, in grams.

    `measured` says that the weight of everything in the parcel is known.
    """
    share = SLACK_PER_CENT if measured else UNMEASURED_PER_CENT
    slack = max(LEAST_SLACK_GRAMS, -(-expected_grams * share // 100))
    return max(1, expected_grams - slack), expected_grams + slack


def parcel_code(fulfillment_order_id: int, number: int) -> str:
    """Give the code that is printed on a parcel."""
    return f"CL-{fulfillment_order_id}-{number}"


def read_parcel_code(code: str) -> tuple[int, int] | None:
    """Give the fulfilment order and the number that a parcel's code names."""
    found = _PARCEL.fullmatch(code.strip())
    return (int(found[1]), int(found[2])) if found else None


def read_tote_code(code: str) -> tuple[int, int | None] | None:
    """Give the batch and the tote that a tote's code names: `B214-4`, or `B214` for the whole cart."""
    found = _TOTE.fullmatch(code.strip())
    return (int(found[1]), int(found[2]) if found[2] else None) if found else None


def share_lines(
    lines: Sequence[tuple[int, int, int]], *, boxes: Sequence[Iterable[tuple[int, int]]]
) -> list[list[tuple[int, int, int]]]:
    """Say which fulfilment lines the units of each box are: (line id, SKU id, units), box by box.

    `lines` are (line id, SKU id, units), `boxes` what each holds as (SKU id, units). Lines of one SKU are
    used up in their order.
    """
    left: dict[int, deque[list[int]]] = {}
    for line, sku, units in lines:
        left.setdefault(sku, deque()).append([line, units])
    shared = []
    for box in boxes:
        contents = []
        for sku, wanted in box:
            contents += [(line, sku, units) for line, units in _use(left.get(sku, deque()), wanted)]
        shared.append(contents)
    return shared


@dataclass(frozen=True, slots=True)
class Lying:
    """Units of a fulfilment line that lie on the bench, and how: the numbers of a stock cell."""

    lot_id: int | None
    plate_id: int | None
    owner_id: int | None
    condition: str
    place_id: int
    qty: int


def share_cells(
    lines: Sequence[tuple[int, int, int]], *, lying: Mapping[int, Sequence[Lying]]
) -> dict[int, list[tuple[Lying, int]]]:
    """Say which of the units on the bench each parcel line takes: parcel line id to (how they lie, units).

    `lines` are (parcel line id, fulfilment line id, units) of all parcels of a fulfilment order, in their
    order, so that each parcel gets the same units whenever it is sealed.
    """
    left = {line: deque([n, each.qty] for n, each in enumerate(cells)) for line, cells in lying.items()}
    return {
        parcel_line: [(lying[line][n], units) for n, units in _use(left.get(line, deque()), wanted)]
        for parcel_line, line, wanted in lines
    }


def _use(stock: deque[list[int]], wanted: int) -> list[tuple[int, int]]:
    """Take units from the front of a queue of [what, units]."""
    used = []
    while wanted and stock:
        what, units = stock[0]
        taken = min(units, wanted)
        used.append((what, taken))
        wanted -= taken
        if taken == units:
            stock.popleft()
        else:
            stock[0][1] -= taken
    return used
