"""Reading a tariff from a file: the columns of the public tariff, each row with its weight, price and days."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.carriers.rules import ZoneRow
from colisage.kit.tabular import ROW_REASONS, BadRow, Row, open_table
from colisage.kit.tabular import cells as read
from colisage.kit.tabular.names import country_code

COLUMNS: Final = ("service", "zone", "max_weight_kg", "price", "currency", "tax_basis", "announced_working_days")
_OPTIONAL: Final = frozenset({"tax_basis"})
_LIMIT_BYTES: Final = 5_000_000
_HEAVIEST_GRAMS: Final = 1_000_000
_DEAREST_CENTS: Final = 10_000_000
_DAYS: Final = re.compile(r"(\d{1,2})(?:\s*[-–]\s*(\d{1,2}))?", re.ASCII)
_TAX: Final = {"": "", "ttc": "TTC", "ht": "HT"}

REASONS: Final[Mapping[str, Promise]] = {
    **ROW_REASONS,
    "no_service": _("The service has no name, or one of more than 80 characters."),
    "unknown_service": _("This carrier has no service “%(cell)s”. Correct its name, or say of what kind new ones are."),
    "unknown_zone": _("“%(cell)s” is neither a zone of this carrier nor countries such as BE+NL."),
    "bad_weight": _("“%(cell)s” is not a weight in kilograms: more than 0, at most 1,000, to the gram."),
    "bad_price": _("“%(cell)s” is not a price in that currency."),
    "bad_currency": _("“%(cell)s” is not a currency, such as EUR."),
    "other_currency": _("A card has one currency: the first row of this service is in another one than %(cell)s."),
    "bad_days": _("“%(cell)s” is not a number of working days, such as 2 or 3-5."),
    "bad_tax_basis": _("“%(cell)s” is neither TTC nor HT, or not that of the first row."),
    "same_weight": _("This weight has a price already in this zone, further up."),
    "country_twice": _("%(cell)s belongs to another zone of this service, further up."),
}  # fmt: skip

ZoneFacts = tuple[str, tuple[str, ...], tuple[str, ...]]  # code, countries, beginnings of postcodes


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that cannot be used: the line of the file it starts on, and why."""

    number: int
    code: str
    cell: str = ""

    @property
    def text(self) -> str:
        """Say what is wrong, in the reader's language."""
        return str(REASONS[self.code]) % {"cell": self.cell[:60]}


@dataclass(slots=True)
class TariffCard:
    """What a file says about one service."""

    service: str
    currency: str
    line: int  # where the service is first named
    zones: dict[str, "TariffZone"] = field(default_factory=dict)

    def rows(self) -> list[ZoneRow]:
        """Give the zones to be written, the breaks rising."""
        return [
            ZoneRow(
                code=zone.code,
                countries=zone.countries,
                prefixes=zone.prefixes,
                breaks=tuple((grams, *rest) for grams, rest in sorted(zone.breaks.items())),
            )
            for zone in self.zones.values()
        ]


@dataclass(slots=True)
class TariffZone:
    """A zone of a card in a file: weight in grams to (cents, days min, days max)."""

    code: str
    countries: tuple[str, ...]
    prefixes: tuple[str, ...]
    breaks: dict[int, tuple[int, int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tariff:
    """A file as it was read: its cards by folded name of the service, and the rows that are wrong."""

    cards: dict[str, TariffCard]
    wrong: tuple[WrongRow, ...]
    tax_basis: str


class _RowIsWrong(Exception):  # noqa: N818 -- a refusal is an answer, not an error
    def __init__(self, code: str, cell: str = "") -> None:
        super().__init__(code)
        self.code, self.cell = code, cell


def fold(name: str) -> str:
    """Give the form in which two spellings of a service are equal."""
    return " ".join(name.split()).casefold()


def zone_name(code: str) -> str:
    """Give the form in which two spellings of a zone are equal."""
    return "".join(code.split()).upper()


def read_tariff(source: Path | IO[bytes], *, zones: Mapping[str, ZoneFacts]) -> Tariff:
    """Read a whole file; `zones` are those known, by `zone_name`. Raises `TableRefused` for no table at all."""
    table = open_table(source, required=set(COLUMNS) - _OPTIONAL, limit_bytes=_LIMIT_BYTES)
    reader = _Reader(zones)
    wrong = list(reader.wrong_rows(table))
    return Tariff(reader.cards, tuple(wrong), reader.tax_basis or "")


class _Reader:
    """Takes rows one by one and remembers what earlier ones said."""

    def __init__(self, zones: Mapping[str, ZoneFacts]) -> None:
        self.known = zones
        self.cards: dict[str, TariffCard] = {}
        self.tax_basis: str | None = None
        self.taken: dict[str, dict[str, str]] = defaultdict(dict)  # service: country: zone

    def wrong_rows(self, rows: Iterable[Row | BadRow]) -> Iterable[WrongRow]:
        """Take every row, and give those that cannot be taken."""
        for row in rows:
            if isinstance(row, BadRow):
                yield WrongRow(row.number, row.reason)
                continue
            try:
                self.take({name: cell.strip() for name, cell in row.cells.items()}, line=row.number)
            except _RowIsWrong as wrong:
                yield WrongRow(row.number, wrong.code, wrong.cell)

    def take(self, cells: Mapping[str, str], *, line: int) -> None:
        """Take one row; the card and the zone it belongs to are opened by their first row."""
        service = " ".join(cells["service"].split())
        if not 0 < len(service) <= 80:
            raise _RowIsWrong("no_service")
        currency = _currency(cells["currency"])
        grams, price = _grams(cells["max_weight_kg"]), _cents(cells["price"], currency)
        days = _days(cells["announced_working_days"])
        basis = self._tax(cells.get("tax_basis", ""))
        facts = self._zone(cells["zone"])
        card = self.cards.get(fold(service)) or TariffCard(service, currency, line)
        if card.currency != currency:
            raise _RowIsWrong("other_currency", currency)
        zone = card.zones.get(facts.code) or self._opened(fold(service), facts)
        if grams in zone.breaks:
            raise _RowIsWrong("same_weight")
        zone.breaks[grams] = (price, *days)
        card.zones[zone.code] = zone
        self.cards[fold(service)] = card
        self.tax_basis = basis

    def _opened(self, service: str, zone: TariffZone) -> TariffZone:
        """Open a zone: a country without postcodes is in one zone of a service."""
        taken = self.taken[service]
        if not zone.prefixes:
            double = next((country for country in zone.countries if country in taken), None)
            if double:
                raise _RowIsWrong("country_twice", double)
            self.taken[service] = taken | dict.fromkeys(zone.countries, zone.code)
        return zone

    def _zone(self, cell: str) -> TariffZone:
        """Find a zone by its name, or read it as countries."""
        name = zone_name(cell)
        if name in self.known:
            return TariffZone(*self.known[name])
        countries = tuple(sorted({_country(part, cell) for part in name.split("+")}))
        code = "+".join(countries)
        if len(code) > 20:  # more countries than a code has room for: the first ones and the number of all
            code = f"{code[:14]}… {len(countries)}"
        return TariffZone(code, countries, ())

    def _tax(self, cell: str) -> str:
        basis = _TAX.get(cell.casefold())
        if basis is None or self.tax_basis not in {None, basis}:
            raise _RowIsWrong("bad_tax_basis", cell)
        return basis


def _country(part: str, cell: str) -> str:
    if part == "*":
        return part
    try:
        return country_code(part)
    except ValueError as unknown:
        raise _RowIsWrong("unknown_zone", cell) from unknown


def _currency(cell: str) -> str:
    try:
        return read.currency_code(cell)
    except ValueError as unknown:
        raise _RowIsWrong("bad_currency", cell) from unknown


def _grams(cell: str) -> int:
    try:
        grams = int(read.number(cell, decimals=3) * 1000)
    except ValueError as unreadable:
        raise _RowIsWrong("bad_weight", cell) from unreadable
    if not 0 < grams <= _HEAVIEST_GRAMS:
        raise _RowIsWrong("bad_weight", cell)
    return grams


def _cents(cell: str, currency: str) -> int:
    try:
        cents = read.amount(cell, currency=currency)
    except ValueError as unreadable:
        raise _RowIsWrong("bad_price", cell) from unreadable
    if not 0 <= cents <= _DEAREST_CENTS:
        raise _RowIsWrong("bad_price", cell)
    return cents


def _days(cell: str) -> tuple[int, int]:
    found = _DAYS.fullmatch(cell)
    low, high = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if low > high:
        raise _RowIsWrong("bad_days", cell)
    return low, high


def unknown_services(cards: Mapping[str, TariffCard], *, known: Iterable[str]) -> Sequence[WrongRow]:
    """Give the first row of each service that the carrier does not have."""
    names = set(known)
    return [WrongRow(card.line, "unknown_service", card.service) for name, card in cards.items() if name not in names]
