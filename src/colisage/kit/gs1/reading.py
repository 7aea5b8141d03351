"""What a scan says, whatever the form it came in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from colisage.kit.gs1.digits import gtin14
from colisage.kit.gs1.identifiers import day
from colisage.kit.gs1.refusals import Glued

Element = tuple[str, str]  # an application identifier and its value

_TEXTS: Final = {"00": "sscc", "10": "lot", "21": "serial", "414": "location", "254": "location_part"}
_DAYS: Final = {"11": "made_on", "15": "best_before", "17": "expires_on", "7003": "expires_on"}
_POUND: Final = Decimal("453.59237")
_COMPARED: Final = {
    "gtin": "", "content": "", "sscc": "", "lot": "", "serial": "", "expires_on": None, "best_before": None,
    "made_on": None, "count": None, "grams": None, "location": "", "location_part": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a code says. `gtin` has 14 digits; `grams` is the net weight; `rest` is what has no field of its own.

    `count` is the number of pieces: of the trade item in a variable measure (30), or of `content` in a logistic unit
    (37), whose GTIN then is `content`. `doubts` names the fields that may be read in more than one way, because the
    scanner left the separators out: they are empty, and `may_be` says what they may hold.
    """

    raw: str
    form: str  # gtin, sscc, elements, digital_link, epc
    gtin: str = ""
    content: str = ""
    sscc: str = ""
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None
    best_before: date | None = None
    made_on: date | None = None
    count: int | None = None
    grams: int | None = None
    location: str = ""
    location_part: str = ""
    rest: tuple[Element, ...] = ()
    symbology: str = ""
    epc: str = ""  # the pure identity URI of a tag
    company_prefix: str = ""  # only a tag tells it
    repaired: bool = False  # typed for another keyboard, and proven by a check digit
    doubts: frozenset[str] = frozenset()
    may_be: tuple[Element, ...] = ()  # field and value

    def could_be(self, field: str, value: str) -> bool:
        """Say whether a field has this value, or may have it where it is in doubt."""
        return str(getattr(self, field) or "") == value or (field, value) in self.may_be

    @property
    def is_proven(self) -> bool:
        """Say whether a check digit vouches for it."""
        return bool(self.gtin or self.content or self.sscc or self.location)


def reading(elements: Iterable[Element], *, raw: str, form: str, today: date, symbology: str = "") -> Reading:
    """Put checked elements into fields. Refuses a code that says one thing twice, differently: two codes in one."""
    told: dict[str, Any] = {}
    seen: dict[str, str] = {}
    rest: list[Element] = []
    for code, value in elements:
        if seen.setdefault(code, value) != value:
            raise Glued
        field = _field(code, value, today=today)
        if field is None:
            rest.append((code, value))
        elif told.setdefault(field[0], field[1]) != field[1] and field[0] != "grams":
            raise Glued
    return Reading(raw=raw, form=form, rest=tuple(rest), symbology=symbology, **told)


def _field(code: str, value: str, *, today: date) -> tuple[str, Any] | None:
    """Give the field of an element and its value in our units."""
    if code in {"01", "02"}:
        return "gtin" if code == "01" else "content", gtin14(value)
    if code in _TEXTS:
        return _TEXTS[code], value
    if code in _DAYS:
        return _DAYS[code], day(code, value, today=today)
    if code in {"30", "37"}:
        return "count", int(value)
    if code[:3] in {"310", "320"}:
        weight = Decimal(value).scaleb(-int(code[3])) * (1000 if code[:3] == "310" else _POUND)
        return "grams", int(weight.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return None


def agreed(readings: list[Reading]) -> Reading:
    """Give what several ways to read a code agree on; what they do not agree on is left empty and named."""
    first = readings[0]
    doubts = [name for name in _COMPARED if len({getattr(one, name) for one in readings}) > 1]
    if not doubts:
        return replace(first, rest=tuple(pair for pair in first.rest if all(pair in one.rest for one in readings)))
    may_be = {(name, str(getattr(one, name) or "")): None for one in readings for name in doubts}
    empty: dict[str, Any] = {name: _COMPARED[name] for name in doubts}
    told = tuple(pair for pair in may_be if pair[1])
    return replace(first, doubts=frozenset(doubts), may_be=told, rest=(), **empty)
