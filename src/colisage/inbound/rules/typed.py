"""Lines of an order as people type them, or paste them from a spreadsheet."""

import re
from dataclasses import dataclass
from datetime import date

from colisage.inbound.rules.purchasing import MOST_CENTS, MOST_UNITS
from colisage.kit.money import decimal
from colisage.kit.tabular import cells

_SEPARATORS = re.compile(r"\s*[;\t]\s*")


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A code, the units, and where they were typed the cost of one unit in minor units and the day."""

    code: str
    units: int
    cost_cents: int | None = None
    on: date | None = None


def typed_line(text: str, *, currency: str) -> TypedLine:
    """Read `MUG-BLEU 24`, or `MUG-BLEU; 24; 7,20; 04/12/2026`, also with tabs; raise `ValueError` for anything else."""
    parts = [part.strip() for part in _SEPARATORS.split(text.strip())]
    if len(parts) == 1:
        code, _space, units = text.strip().rpartition(" ")
        parts = [code.strip(), units]
    if not 2 <= len(parts) <= 4 or not parts[0] or len(parts[0]) > 100 or not parts[0].isprintable():
        raise ValueError(text)
    units_of, cost, on = cells.whole(parts[1]), None, None
    if len(parts) > 2 and parts[2]:
        cost = cells.amount(parts[2], currency=currency)
    if len(parts) > 3 and parts[3]:
        on = cells.moment(parts[3], order="dmy").date()
    if not 0 < units_of <= MOST_UNITS or (cost is not None and not 0 <= cost <= MOST_CENTS):
        raise ValueError(text)
    return TypedLine(parts[0], units_of, cost, on)


def as_typed(line: TypedLine, *, currency: str) -> str:
    """Write a line as it may be typed again."""
    cost = "" if line.cost_cents is None else str(decimal(line.cost_cents, currency=currency))
    return "; ".join([line.code, str(line.units), cost, line.on.isoformat() if line.on else ""]).rstrip("; ")
