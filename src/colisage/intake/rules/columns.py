"""Which of the saved mappings a file is for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

# What is needed of a file; the rest may be absent.
NEEDED: Final = ("order_ref", "sku", "quantity")
# What a column may hold.
FIELDS: Final = frozenset({
    "order_ref", "placed_at", "payment", "currency", "shipping_method", "purchase_reference", "wanted_on", "tags",
    "sku", "quantity", "unit_price", "discount", "line_tax", "product", "personalisation",
    "name", "first_name", "last_name", "company", "email", "phone", "language",
    "address1", "address2", "postcode", "city", "region", "country",
    "shipping", "order_discount", "tax", "tip", "gift_card", "total", "note", "gift_note",
})  # fmt: skip
_REASONS: Final = frozenset({"reason for refusal", "motif du refus"})  # of rows that came back


@dataclass(frozen=True, slots=True)
class Pointed:
    """A saved mapping, as plain values; names of columns are folded, `written` gives them as the file writes them."""

    id: int
    name: str
    headers: Sequence[str]
    places: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)

    def missing(self, columns: Collection[str]) -> dict[str, str]:
        """Give the columns it needs and a file lacks, as its own file wrote them, with what each of them holds."""
        gone = {place: ours for ours, place in self.places.items() if place not in columns}
        return {self.written.get(place, place): gone[place] for place in sorted(gone)}


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a mapping cannot be read by: a field that is `unknown` or `needed`, or a column that is `not_there`."""

    why: str
    field: str
    column: str = ""


def unfit(places: Mapping[str, str], *, columns: Collection[str]) -> list[Unfit]:
    """Give everything that is wrong with what columns were pointed at; `columns` are those of the file."""
    found = [Unfit("unknown", field) for field in places if field not in FIELDS]
    found += [Unfit("needed", field) for field in NEEDED if not places.get(field)]
    return found + [
        Unfit("not_there", field, column) for field, column in places.items() if column and column not in columns
    ]


def made_for(columns: Collection[str], *, mappings: Sequence[Pointed]) -> Pointed | None:
    """Find the mapping that was made for a file of just these columns; a column of reasons does not count."""
    asked = set(columns) - _REASONS - {""}
    return next((one for one in mappings if set(one.headers) - _REASONS - {""} == asked), None)


def fitting(columns: Collection[str], *, mappings: Sequence[Pointed]) -> Pointed | None:
    """Find the mapping all of whose columns are there; of several the one that says most."""
    fit = [one for one in mappings if not one.missing(columns)]
    return max(fit, key=lambda one: len(one.places), default=None)


def closest(columns: Collection[str], *, mappings: Sequence[Pointed]) -> Pointed | None:
    """Find the mapping most of whose columns are there: a file it was made for has probably changed."""
    near = [one for one in mappings if 2 * len(one.missing(columns)) < len(one.places)]
    return min(near, key=lambda one: len(one.missing(columns)), default=None)
