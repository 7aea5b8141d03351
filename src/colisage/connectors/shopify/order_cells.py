"""What single cells of a Shopify order export say, in either dialect."""

from collections.abc import Iterable, Mapping
from typing import Final

from colisage.connectors.order_rows import RowRefused, country, text
from colisage.intake.ports import DraftAddress
from colisage.kit.tabular import Row

_NOTE_LENGTH: Final = 10_000
_GIFT_WORDS: Final = (
    "gift_message",
    "gift message",
    "gift-message",
    "gift_note",
    "gift note",
    "gift-note",
    "cadeau",
)


def cell(row: Row, column: str) -> str:
    """Give a cell without spaces around it; absent, empty and `null` are the same."""
    value = row.cells.get(column, "").strip()
    return "" if value == "null" else value


def unquoted(value: str) -> str:
    """Drop the apostrophe Shopify puts before postcodes so that Excel leaves them alone."""
    return value.removeprefix("'")


def address(cells: Mapping[str, str], kind: str) -> DraftAddress | None:
    """Read the `shipping` or `billing` address; no address when every cell of it is empty."""

    def part(*names: str, longest: int = 300) -> str:
        values = (text(cells, f"{kind} {name}", longest=longest) for name in names)
        return next((value for value in values if value), "")

    name = part("name") or f"{part('first name')} {part('last name')}".strip()
    found = DraftAddress(
        name=name,
        company=part("company"),
        line1=part("address1", "street"),
        line2=part("address2"),
        postcode=unquoted(part("zip", longest=30)),
        city=part("city"),
        region=part("province code", "province", "province name"),
        country=_country(part("country code"), part("country")),
        phone=unquoted(part("phone", longest=60)),
    )
    return found if any((found.line1, found.postcode, found.city, found.country)) else None


def _country(code: str, name: str) -> str:
    """Prefer the code: names are typed by people."""
    try:
        return country(code or name)
    except RowRefused:
        if code and name:
            return country(name)
        raise


def notes(cells: Mapping[str, str]) -> tuple[str, str]:
    """Give the customer's note and the gift note; the latter is the note attribute that is called so."""
    note = [text(cells, "notes", longest=_NOTE_LENGTH) or text(cells, "note", longest=_NOTE_LENGTH)]
    gift: list[str] = []
    target = note
    for line in text(cells, "note attributes", longest=_NOTE_LENGTH).splitlines():
        name, colon, value = line.partition(":")
        if colon and _is_name(name):
            is_gift = any(word in name.casefold() for word in _GIFT_WORDS)
            target = gift if is_gift else note
            target.append(value.strip() if is_gift else line.strip())
        else:
            target.append(line.strip())  # the value before goes on over several lines
    return "\n".join(filter(None, note)), "\n".join(filter(None, gift))


def _is_name(text_: str) -> bool:
    """Tell the name of an attribute from words before a colon inside a message."""
    return 0 < len(text_) <= 60 and (len(text_.split()) <= 3) and not text_[0].isspace()


def shipping_method(rows: Iterable[Row]) -> str:
    """Give the name of the delivery the customer chose; the transporter writes it on a row of its own."""
    for row in rows:
        for column in ("shipping method", "shipping line title", "shipping line code"):
            if title := text(row.cells, column):
                return title
    return ""


def reference(cells: Mapping[str, str], number: str) -> str:
    """Give the id under which Shopify's API knows the order, so that both ways in agree; else its number.

    A spreadsheet that saved the file may have made `6E+12` of every id.
    """
    found = unquoted(text(cells, "id", longest=100))
    return found if found.isascii() and found.isdigit() else number
