"""What a shop tells of an order, as a wish for what is here: the lines of both sides brought together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from msgspec import structs

from colisage.intake.ports import DraftAddress, OrderDraft
from colisage.orders.actions.change_order import Wish
from colisage.orders.actions.place_orders import NewLine


class _Line(Protocol):
    """A line as it is here."""

    pk: int
    external_ref: str
    sku_code: str
    served_by: str


def wish_of(draft: OrderDraft, lines: Sequence[NewLine], *, known: Sequence[Any]) -> Wish:
    """Say how an order shall look: `lines` are those of the draft, `known` the order's own.

    Lines are the same by the shop's identity of them, where it has one; else by SKU, in their order; and by who sends
    them. What the shop no longer tells is not wanted any more; what it leaves empty stays.
    """
    waiting: dict[tuple[str, str, str], list[_Line]] = defaultdict(list)
    for line in known:
        waiting[_key(line)].append(line)
    quantities: dict[int, int] = {line.pk: 0 for line in known}
    added = []
    for told in lines:
        if found := waiting[_key(told)]:
            quantities[found.pop(0).pk] = told.quantity
        else:
            added.append(told)
    return Wish(
        ship_to=_address(draft.ship_to),
        bill_to=_address(draft.bill_to),
        email=draft.email or None,
        phone=draft.phone or None,
        customer_name=draft.customer_name or None,
        shipping_method=draft.shipping_method or None,
        customer_note=draft.customer_note or None,
        gift_note=draft.gift_note or None,
        wanted_on=draft.wanted_on,
        quantities=quantities,
        added=tuple(added),
    )


def _key(line: Any) -> tuple[str, str, str]:
    kind, name = ("ref", line.external_ref) if line.external_ref else ("sku", line.sku_code.upper())
    return kind, name, line.served_by


def _address(address: DraftAddress | None) -> Mapping[str, Any] | None:
    return structs.asdict(address) if address else None
