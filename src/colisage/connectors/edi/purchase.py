"""A purchase order as both standards tell it, made an order of ours: names, units, prices and sums in one way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from colisage.connectors.values import currency_of, exact, rounded, units
from colisage.intake.ports import DraftAddress, DraftCharge, DraftLine, Nothing, OrderDraft, OrderTold, Unreadable

PIECES: Final = frozenset({"", "EA", "PC", "PCE", "PCS", "UN", "NAR", "H87", "C62"})
PRICES_FOR: Final[Mapping[str, int]] = {"HP": 100, "TP": 1000}  # a price for a hundred, for a thousand
LONGEST: Final = 200  # of a reference
# What the sender wants with an order, in one word for both standards.
ORIGINALS: Final = frozenset({"00", "06", "07", "9", "7", "6", "31", "42", ""})
CANCELLED: Final = frozenset({"01", "1"})
REPLACED: Final = frozenset({"05", "5"})


@dataclass(slots=True)
class Line:
    """A line as it was told. `codes` are what it may be called here, best first."""

    ref: str
    quantity: str
    unit: str = ""
    price: str = ""
    price_for: int = 1
    total: str = ""
    name: str = ""
    codes: list[str] = field(default_factory=list)
    gtins: list[str] = field(default_factory=list)
    buyers: list[str] = field(default_factory=list)
    off: Decimal = Decimal(0)  # allowances, less charges, of the whole line
    tax: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Names:
    """The qualifiers by which a standard tells whose name of an item is given."""

    ours: frozenset[str]
    gtins: frozenset[str]
    theirs: frozenset[str]

    def note(self, line: Line, *, kind: str, code: str) -> None:
        """Keep a name of an item with its line; one of a kind that nobody here knows is left out."""
        for kinds, names in ((self.ours, line.codes), (self.gtins, line.gtins), (self.theirs, line.buyers)):
            if code and kind in kinds:
                names.append(code)


@dataclass(slots=True)
class Party:
    """Somebody of an order: who receives it, who pays it, who bought it."""

    number: str = ""
    company: str = ""
    name: str = ""
    street: list[str] = field(default_factory=list)
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""

    def address(self, *, country: str) -> DraftAddress:
        """Give it as an address. One that is only a number has no street: the order is held until it has."""
        street = [part for part in self.street if part]
        placed = bool(street or self.city or self.postcode)
        return DraftAddress(
            name=self.name[:160],
            company=(self.company or self.number)[:160],
            line1=street[0][:160] if street else "",
            line2=", ".join(street[1:])[:160],
            postcode=self.postcode[:20],
            city=self.city[:80],
            region=self.region[:80],
            country=self.country or (country if placed else ""),
            phone=self.phone[:40],
        )


@dataclass(slots=True)
class Purchase:
    """An order as it was told, before anything is made of it."""

    sender: str
    purpose: str = ""
    number: str = ""
    release: str = ""
    placed: str = ""
    currency: str = ""
    parties: dict[str, Party] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    method: str = ""
    wanted: str = ""
    off: Decimal = Decimal(0)
    charges: list[tuple[str, Decimal]] = field(default_factory=list)
    shipping: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    total: str = ""
    goods: str = ""  # what the lines add up to, as the sender counts
    line_count: str = ""
    unit_count: str = ""

    def party(self, role: str) -> Party:
        """Give a party of the order, a new one the first time."""
        return self.parties.setdefault(role, Party())

    @property
    def ref(self) -> str:
        """Tell it apart from the orders of all other senders."""
        return "/".join(filter(None, (self.sender, self.number, self.release)))


def order_told(bought: Purchase, *, currency: str, country: str, test: bool) -> OrderTold | Nothing:
    """Make an order of a purchase; raises `Unreadable`. Currency and country stand in where none is told."""
    if not bought.number:
        raise Unreadable("missing_order_ref")
    if len(bought.ref) > LONGEST:
        raise Unreadable("cell_too_long_for_order", bought.ref)
    try:
        told = _told(bought, currency=currency, country=country)
    except Unreadable as fault:
        fault.external_ref = bought.ref[:300]
        raise
    return Nothing("test_order", bought.ref) if test else told


def _told(bought: Purchase, *, currency: str, country: str) -> OrderTold:
    if bought.purpose not in ORIGINALS | CANCELLED | REPLACED:
        raise Unreadable("change_of_lines", bought.purpose)
    _check_counts(bought)
    return OrderTold(
        draft=_draft(bought, currency=currency_of(bought.currency or currency), country=country),
        cancelled=bought.purpose in CANCELLED,
        told_once=bought.purpose in ORIGINALS,
        names=tuple((*line.codes, *line.gtins, *line.buyers) for line in bought.lines),
    )


def _check_counts(bought: Purchase) -> None:
    """Compare what the sender counted with what came; nothing is lost on the way unnoticed."""
    if bought.line_count and _number(bought.line_count, "") != len(bought.lines):
        raise Unreadable("wrong_sums", f"{bought.line_count} ≠ {len(bought.lines)}")
    if bought.unit_count:
        counted = sum((_number(line.quantity, line.ref) for line in bought.lines), Decimal(0))
        if _number(bought.unit_count, "") != counted:
            raise Unreadable("wrong_sums", f"{bought.unit_count} ≠ {counted}")


def _draft(bought: Purchase, *, currency: str, country: str) -> OrderDraft:
    lines = tuple(_line(line, currency) for line in bought.lines)
    ship_to = bought.parties.get("ship") or bought.parties.get("buyer")
    bill_to = bought.parties.get("bill") or bought.parties.get("buyer")
    buyer = bought.parties.get("buyer") or bill_to or ship_to or Party()
    charges = tuple(
        DraftCharge("fee", cents, name[:80]) for name, said in bought.charges if (cents := rounded(said, currency))
    )
    shipping, discount = rounded(bought.shipping, currency), rounded(bought.off, currency)
    own = sum(line.tax_cents for line in lines)
    tax = rounded(bought.tax, currency) or own
    net = sum(line.total_cents for line in lines) + shipping + sum(one.cents for one in charges) - discount
    total = rounded(exact(bought.total, "total"), currency) if bought.total else net + tax
    goods = rounded(exact(bought.goods, "goods"), currency) if bought.goods else None
    if goods is not None and not bought.total:  # a sum of the goods that the lines do not explain is a difference too
        total += goods - sum(line.total_cents for line in lines)
    if bought.total and total == net:
        tax = 0  # it is told without tax
    shipped = ship_to.address(country=country) if ship_to else None
    return OrderDraft(
        external_ref=bought.ref,
        number=bought.number,
        purchase_reference=bought.number,
        placed_at=dated(bought.placed),
        currency=currency,
        lines=lines,
        total_cents=total,
        ship_to=shipped if shipped and (shipped.company or shipped.line1 or shipped.city) else None,
        bill_to=bill_to.address(country=country) if bill_to else None,
        email=buyer.email[:254],
        phone=(ship_to.phone if ship_to else "")[:40] or buyer.phone[:40],
        customer_name=(buyer.company or buyer.name or buyer.number)[:160],
        shipping_cents=shipping,
        tax_cents=tax,
        discount_cents=discount,
        charges=charges,
        prices_include_tax=False,
        payment="authorized",  # a firm buys on account
        shipping_method=bought.method[:120],
        customer_note="\n".join(bought.notes)[:4_000],
        wanted_on=dated(bought.wanted).date() if bought.wanted else None,
        tags=("edi",),
    )


def _line(line: Line, currency: str) -> DraftLine:
    """Price a line so that it costs to the cent what it says, though its price may be of fractions of a cent."""
    if line.unit.upper() not in PIECES:
        raise Unreadable("not_pieces", f"{line.ref}: {line.quantity} {line.unit}")
    quantity = units(line.quantity, line.ref)
    if not quantity:
        raise Unreadable("zero_quantity", line.ref)
    names = [*line.codes, *line.gtins, *line.buyers]
    if not names:
        raise Unreadable("missing_sku", line.ref)
    price = exact(line.price, line.ref) / line.price_for
    said = exact(line.total, line.ref) if line.total else price * quantity - line.off
    if price < 0 or said < 0:
        raise Unreadable("negative_amount", line.ref)
    whole, each = rounded(said, currency), rounded(price, currency)
    if each * quantity < whole:
        each = -(-whole // quantity)
    return DraftLine(
        sku=names[0][:80],
        quantity=quantity,
        unit_price_cents=each,
        name=line.name[:250],
        discount_cents=each * quantity - whole,
        tax_cents=rounded(line.tax, currency),
        external_ref=line.ref[:80],
    )


def dated(said: str, *, time: str = "") -> datetime:
    """Read a date as both standards write it: eight figures, or six, with a time behind it or none."""
    figures = said + (time if len(time) == 4 else "")
    for length, form in ((12, "%Y%m%d%H%M"), (8, "%Y%m%d"), (6, "%y%m%d"), (14, "%Y%m%d%H%M%S")):
        if len(figures) == length and figures.isascii() and figures.isdecimal():
            try:
                return datetime.strptime(figures, form).replace(tzinfo=UTC)
            except ValueError as error:
                raise Unreadable("bad_date", said) from error
    raise Unreadable("bad_date", said)


def _number(said: str, name: str) -> Decimal:
    try:
        found = Decimal(said)
    except InvalidOperation as error:
        raise Unreadable("bad_quantity", f"{name} {said}") from error
    if not found.is_finite():
        raise Unreadable("bad_quantity", f"{name} {said}")
    return found
