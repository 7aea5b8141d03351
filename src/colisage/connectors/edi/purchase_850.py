"""The X12 850, a purchase order, read segment by segment. Versions 3 to 7 tell what is needed in the same places."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from colisage.connectors.edi.purchase import PRICES_FOR, Line, Names, Party, Purchase
from colisage.connectors.edi.segments import Segment
from colisage.connectors.values import country_of, exact
from colisage.intake.ports import Unreadable

NAMES: Final = Names(
    ours=frozenset({"VN", "VP", "VC", "VA", "SK", "VO"}),
    gtins=frozenset({"UP", "EN", "UK", "UI", "UA", "EO", "UE", "UN"}),
    theirs=frozenset({"BP", "IN", "CB", "PI", "BI", "PN", "IT"}),
)
ROLES: Final[Mapping[str, str]] = {"ST": "ship", "BT": "bill", "BY": "buyer", "BO": "buyer"}
WANTED: Final = frozenset({"002", "010", "037", "063", "064", "074", "118"})
CARRIAGE: Final = frozenset({"D240", "D500", "G830"})
TAXES: Final = frozenset({"H650", "H680", "H740", "H750", "H770", "H850"})


def purchase(found: Sequence[Segment], *, sender: str) -> Purchase:
    """Read the segments of an 850; raises `Unreadable`."""
    begin = next((one for one in found if one.tag == "BEG"), None)
    if begin is None:
        raise Unreadable("missing_field", "BEG")
    bought = Purchase(sender, purpose=begin.at(1), number=begin.at(3), release=begin.at(4), placed=begin.at(5))
    reading = _Reading(bought)
    for segment in found:
        reading.read(segment)
    return bought


class _Reading:
    """Where in an order the reading is: the party and the line that later segments add to."""

    def __init__(self, bought: Purchase) -> None:
        self.bought, self.party = bought, Party()
        self.line: Line | None = None

    def read(self, segment: Segment) -> None:
        known = _KNOWN.get(segment.tag)
        if known is not None:
            known(self, segment)

    def currency(self, one: Segment) -> None:
        self.bought.currency = self.bought.currency or one.at(2)

    def dated(self, one: Segment) -> None:
        if one.at(1) in WANTED and not self.bought.wanted:
            self.bought.wanted = one.at(2)

    def route(self, one: Segment) -> None:
        if self.line is None:
            self.bought.method = self.bought.method or one.at(5) or one.at(3)

    def named(self, one: Segment) -> None:
        role = ROLES.get(one.at(1), "")
        if role == "ship" and self.line is not None:
            raise Unreadable("several_deliveries", f"{one.place} N1*ST")
        self.party = self.bought.party(role) if role and self.line is None else Party()
        self.party.company, self.party.number = one.at(2), one.at(4)

    def named_more(self, one: Segment) -> None:
        self.party.name = self.party.name or one.at(1)

    def street(self, one: Segment) -> None:
        self.party.street += [one.at(1), one.at(2)]

    def city(self, one: Segment) -> None:
        at = self.party
        at.city, at.region, at.postcode, at.country = one.at(1), one.at(2), one.at(3), country_of(one.at(4))

    def contact(self, one: Segment) -> None:
        self.party.name = self.party.name or one.at(2)
        for n in (3, 5, 7):
            if one.at(n) in {"TE", "CP"}:
                self.party.phone = self.party.phone or one.at(n + 1)
            elif one.at(n) == "EM":
                self.party.email = self.party.email or one.at(n + 1)

    def note(self, one: Segment) -> None:
        said = one.at(2) if one.tag == "NTE" else one.at(1)
        if said:
            self.bought.notes.append(f"{self.line.ref}: {said}" if self.line else said)

    def ordered(self, one: Segment) -> None:
        line = Line(one.at(1) or str(len(self.bought.lines) + 1), one.at(2), one.at(3), one.at(4))
        line.price_for = PRICES_FOR.get(one.at(5), 1)
        for n in range(6, len(one.elements), 2):
            NAMES.note(line, kind=one.at(n), code=one.at(n + 1))
        self.line = line
        self.bought.lines.append(line)

    def described(self, one: Segment) -> None:
        if self.line is not None and one.at(5):
            self.line.name = f"{self.line.name} {one.at(5)}".strip()

    def allowed(self, one: Segment) -> None:
        """Take an allowance or a charge, told in cents."""
        amount = exact(one.at(5), "SAC05") / 100 if one.at(5) else Decimal(0)
        off = amount if one.at(1) == "A" else -amount
        if not amount or one.at(1) not in {"A", "C"}:
            return
        if self.line is not None:
            self.line.off += off
        elif off > 0:
            self.bought.off += off
        elif one.at(2) in CARRIAGE:
            self.bought.shipping += amount
        elif one.at(2) in TAXES:
            self.bought.tax += amount
        else:
            self.bought.charges.append((one.at(15) or one.at(2), amount))

    def taxed(self, one: Segment) -> None:
        if self.line is not None:
            self.line.tax += exact(one.at(2), "TXI02")
        else:
            self.bought.tax += exact(one.at(2), "TXI02")

    def spread(self, one: Segment) -> None:
        raise Unreadable("several_deliveries", f"{one.place} {one.tag}")

    def counted(self, one: Segment) -> None:
        self.bought.line_count, self.bought.unit_count = one.at(1), one.at(2)
        self.line = None

    def amounted(self, one: Segment) -> None:
        if self.bought.line_count and one.at(1) == "TT":
            self.bought.total = one.at(2)
        elif self.bought.line_count and one.at(1) == "1":
            self.bought.goods = one.at(2)


_KNOWN: Final[Mapping[str, Callable[[_Reading, Segment], None]]] = {
    "CUR": _Reading.currency, "DTM": _Reading.dated, "TD5": _Reading.route, "N1": _Reading.named,
    "N2": _Reading.named_more, "N3": _Reading.street, "N4": _Reading.city, "PER": _Reading.contact,
    "MSG": _Reading.note, "NTE": _Reading.note, "MTX": _Reading.note, "PO1": _Reading.ordered,
    "PID": _Reading.described, "SAC": _Reading.allowed, "TXI": _Reading.taxed, "SDQ": _Reading.spread,
    "CTT": _Reading.counted, "AMT": _Reading.amounted,
}  # fmt: skip
