"""The EDIFACT ORDERS, a purchase order, read segment by segment. D.93A to D.21B tell it in the same places."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from colisage.connectors.edi.purchase import Line, Names, Party, Purchase
from colisage.connectors.edi.segments import Segment
from colisage.connectors.values import country_of, exact
from colisage.intake.ports import Unreadable

NAMES: Final = Names(
    ours=frozenset({"SA", "MF", "VN"}),
    gtins=frozenset({"EN", "SRV", "UP", "EAN", "GTIN"}),
    theirs=frozenset({"IN", "BP", "PN"}),
)
ROLES: Final[Mapping[str, str]] = {
    "DP": "ship", "ST": "ship", "CN": "ship", "IV": "bill", "BY": "buyer", "OB": "buyer",
}  # fmt: skip
CARRIAGE: Final = frozenset({"FC", "DL", "SH", "FA"})


def purchase(found: Sequence[Segment], *, sender: str) -> Purchase:
    """Read the segments of an ORDERS; raises `Unreadable`."""
    begin = next((one for one in found if one.tag == "BGM"), None)
    if begin is None:
        raise Unreadable("missing_field", "BGM")
    bought = Purchase(sender, purpose=begin.at(3), number=begin.at(2))
    reading = _Reading(bought)
    for segment in found:
        reading.read(segment)
    return bought


class _Reading:
    """Where in an order the reading is: the party, the line and the allowance that later segments add to."""

    def __init__(self, bought: Purchase) -> None:
        self.bought, self.party = bought, Party()
        self.line: Line | None = None
        self.allowance: tuple[str, str] | None = None  # A or C, and what for

    def read(self, segment: Segment) -> None:
        known = _KNOWN.get(segment.tag)
        if known is not None:
            known(self, segment)

    def currency(self, one: Segment) -> None:
        self.bought.currency = self.bought.currency or one.at(1, 2)

    def dated(self, one: Segment) -> None:
        kind, said = one.at(1, 1), one.at(1, 2)
        if kind == "137" or (kind == "4" and not self.bought.placed):
            self.bought.placed = said
        elif kind in {"2", "10", "17", "63", "64", "69"} and not self.bought.wanted:
            self.bought.wanted = said[:8] if len(said) > 8 else said

    def named(self, one: Segment) -> None:
        role = ROLES.get(one.at(1), "")
        if role == "ship" and self.line is not None:
            raise Unreadable("several_deliveries", f"{one.place} NAD+{one.at(1)}")
        self.party = at = self.bought.party(role) if role and self.line is None else Party()
        at.number = one.at(2)
        written = [one.at(3, n) for n in range(1, 6)]
        at.company = " ".join(filter(None, (one.at(4, n) for n in range(1, 6)))) or written[0]
        at.street = [one.at(5, n) for n in range(1, 5)]
        if not any(at.street) and not one.at(4):
            at.street = written[1:]
        at.city, at.postcode, at.country = one.at(6), one.at(8), country_of(one.at(9))
        at.region = one.at(7, 4) or one.at(7)

    def contact(self, one: Segment) -> None:
        self.party.name = self.party.name or one.at(2, 2) or one.at(2, 1)

    def reached(self, one: Segment) -> None:
        if one.at(1, 2) in {"TE", "AL"}:
            self.party.phone = self.party.phone or one.at(1, 1)
        elif one.at(1, 2) == "EM":
            self.party.email = self.party.email or one.at(1, 1)

    def note(self, one: Segment) -> None:
        said = " ".join(filter(None, (one.at(4, n) for n in range(1, 6))))
        if said:
            self.bought.notes.append(f"{self.line.ref}: {said}" if self.line else said)

    def ordered(self, one: Segment) -> None:
        self.line = Line(one.at(1) or str(len(self.bought.lines) + 1), "")
        self.allowance = None
        self.bought.lines.append(self.line)
        NAMES.note(self.line, kind=one.at(3, 2), code=one.at(3, 1))

    def called(self, one: Segment) -> None:
        for n in range(2, len(one.elements) + 1):
            if self.line is not None:
                NAMES.note(self.line, kind=one.at(n, 2), code=one.at(n, 1))

    def described(self, one: Segment) -> None:
        if self.line is not None:
            said = " ".join(filter(None, (one.at(3, 4), one.at(3, 5))))
            self.line.name = f"{self.line.name} {said}".strip()

    def counted(self, one: Segment) -> None:
        if self.line is None or one.at(1, 1) not in {"21", "1"}:
            return
        if self.line.quantity:  # a second one: a delivery of its own
            raise Unreadable("several_deliveries", f"{one.place} QTY")
        self.line.quantity, self.line.unit = one.at(1, 2), one.at(1, 3)

    def priced(self, one: Segment) -> None:
        if self.line is None or one.at(1, 1) not in {"AAA", "AAB", "CAL", "NTP", "INV"}:
            return
        if self.line.price and one.at(1, 1) == "AAB":  # the price before allowances, where the one after is known
            return
        self.line.price = one.at(1, 2)
        basis = one.at(1, 5)
        self.line.price_for = int(basis) if basis.isdecimal() and 0 < int(basis[:9]) <= 1_000_000 else 1

    def allowed(self, one: Segment) -> None:
        self.allowance = (one.at(1), one.at(5, 1) or one.at(5, 4))

    def amounted(self, one: Segment) -> None:
        kind, said = one.at(1, 1), one.at(1, 2)
        if self.allowance and kind in {"8", "23", "204"}:
            self._allowance(exact(said, "MOA"))
        elif self.line is not None:
            if kind == "203":
                self.line.total = said
            elif kind == "124":
                self.line.tax += exact(said, "MOA")
        elif kind in {"9", "86", "128", "77"}:
            self.bought.total = said
        elif kind == "79":
            self.bought.goods = said
        elif kind in {"124", "176"}:
            self.bought.tax += exact(said, "MOA")

    def _allowance(self, amount: Decimal) -> None:
        sign, what = self.allowance or ("", "")
        if self.line is not None:
            self.line.off += amount if sign == "A" else -amount
        elif sign == "A":
            self.bought.off += amount
        elif what in CARRIAGE:
            self.bought.shipping += amount
        else:
            self.bought.charges.append((what, amount))

    def ended(self, _one: Segment) -> None:
        self.line, self.allowance = None, None

    def controlled(self, one: Segment) -> None:
        if one.at(1, 1) == "2":
            self.bought.line_count = one.at(1, 2)
        elif one.at(1, 1) == "1":
            self.bought.unit_count = one.at(1, 2)


_KNOWN: Final[Mapping[str, Callable[[_Reading, Segment], None]]] = {
    "CUX": _Reading.currency, "DTM": _Reading.dated, "NAD": _Reading.named, "CTA": _Reading.contact,
    "COM": _Reading.reached, "FTX": _Reading.note, "LIN": _Reading.ordered, "PIA": _Reading.called,
    "IMD": _Reading.described, "QTY": _Reading.counted, "PRI": _Reading.priced, "ALC": _Reading.allowed,
    "MOA": _Reading.amounted, "UNS": _Reading.ended, "CNT": _Reading.controlled,
}  # fmt: skip
