"""Pure decisions of inspection: which checklist, how many units, and whether an answer is right."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_MEASURE: Final = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Scope:
    """A checklist, as far as choosing needs to know it."""

    id: int
    supplier_id: int | None
    sku_id: int | None


def checklist_for(scopes: Sequence[Scope], *, sku_id: int, supplier_id: int | None) -> int | None:
    """Choose the checklist that says most: of the SKU from this supplier, of the SKU, of the supplier, of all."""
    fitting = [
        scope
        for scope in scopes
        if scope.sku_id in {None, sku_id} and (scope.supplier_id is None or scope.supplier_id == supplier_id)
    ]
    best = max(fitting, key=lambda s: (s.sku_id is not None, s.supplier_id is not None, -s.id), default=None)
    return best.id if best else None


def sample_size(rule: str, *, value: int, units: int) -> int:
    """Say how many of these units are looked at: at least one, at most all."""
    wanted = units if rule == "all" else -(-units * value // 100) if rule == "percent" else value
    return max(1, min(units, wanted))


def milli(text: str) -> int:
    """Read a measure, such as 12.5 or 12,5, in thousandths. Raises `ValueError` for anything else."""
    plain = "".join(text.split())
    if not _MEASURE.fullmatch(plain):
        raise ValueError(text)
    whole, _point, part = plain.replace(",", ".").partition(".")
    thousandths = int(whole.lstrip("-") + part.ljust(3, "0"))
    return -thousandths if plain.startswith("-") else thousandths


def milli_text(value: int | None) -> str:
    """Write thousandths as people do, without zeros at the end."""
    if value is None:
        return ""
    whole, part = divmod(abs(value), 1000)
    tail = f".{part:03}".rstrip("0") if part else ""
    return f"{'-' if value < 0 else ''}{whole}{tail}"


def within(value: int, *, lowest: int | None, highest: int | None) -> bool:
    """Say whether a measure lies within its limits."""
    return (lowest is None or value >= lowest) and (highest is None or value <= highest)
