"""The products an order file implies, for a shop whose catalogue did not come with it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from colisage.intake.ports import OrderDraft, RowFate


@dataclass(frozen=True, slots=True)
class ImpliedProduct:
    """A SKU as its sales describe it. Stock of `units` at the start is what all its orders need."""

    sku: str
    name: str  # the most frequent one
    price_cents: int  # the most frequent one that is not zero
    units: int
    orders: int


@dataclass(slots=True)
class _Seen:
    names: Counter[str] = field(default_factory=Counter)
    prices: Counter[int] = field(default_factory=Counter)
    units: int = 0
    orders: int = 0


def implied_catalogue(outcomes: Iterable[OrderDraft | RowFate]) -> Iterator[ImpliedProduct]:
    """Give every SKU of the orders, by SKU. Memory grows with the catalogue, not with the file."""
    seen: dict[str, _Seen] = {}
    for draft in outcomes:
        if isinstance(draft, RowFate):
            continue
        for line in draft.lines:
            product = seen.setdefault(line.sku, _Seen())
            product.names[line.name] += 1
            product.prices[line.unit_price_cents] += 1
            product.units += line.quantity
        for sku in {line.sku for line in draft.lines}:
            seen[sku].orders += 1
    for sku in sorted(seen):
        product = seen[sku]
        yield ImpliedProduct(sku, _name(product, sku), _price(product), product.units, product.orders)


def _name(product: _Seen, sku: str) -> str:
    return max((name for name in product.names if name), key=lambda n: (product.names[n], n), default=sku)


def _price(product: _Seen) -> int:
    return max((price for price in product.prices if price), key=lambda p: (product.prices[p], p), default=0)
