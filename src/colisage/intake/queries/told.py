"""What shops tell of orders that are here: which units are ours to send, and how it differs from what is here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from colisage.intake.models import ShopMessage
from colisage.intake.ports import DraftLine, OrderTold, Unreadable
from colisage.intake.problem import wish_of
from colisage.intake.queries.messages import PURPOSE, known_orders, pieces_here, reader_called, standing_of
from colisage.intake.queries.names import named
from colisage.intake.rules.elsewhere import shared_out
from colisage.intake.rules.given_back import judged
from colisage.intake.rules.messages import Known
from colisage.kit import sealing
from colisage.orders.actions.place_orders import NewLine
from colisage.orders.queries import Order, OrderLine, lines_of

_FIELDS = (
    "ship_to", "bill_to", "email", "phone", "customer_name", "shipping_method", "customer_note", "gift_note",
    "wanted_on",
)  # fmt: skip


def shared(told: Sequence[OrderTold], known: Mapping[str, Known]) -> list[OrderTold]:
    """Say of every order which of its units others send, and what given back lowers it, by what is known of it."""
    given_back = {one.draft.external_ref for one in told if one.given_back}
    several = {one.draft.external_ref for one in told if one.sender} | given_back
    here = pieces_here({known[ref].id for ref in several if ref in known})
    standing = standing_of({known[ref].id for ref in given_back if ref in known})
    found = []
    for one in told:
        order = known.get(one.draft.external_ref)
        pieces = here.get(order.id) if order else None
        seen = judged(one, here=pieces, standing=standing.get(order.id) if order else None)
        found.append(replace(seen, draft=shared_out(seen, here=pieces)))
    return found


def untaken_change(order: Order) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Give what a shop's last message wants of an order that was not taken over: before and after, as changes keep it.

    None where nothing waits, where the shop cancelled, and where the message can be read no more.
    """
    rows = ShopMessage.objects.filter(merchant_id=order.merchant_id, order_id=order.pk, state="refused")
    message = rows.order_by("-pk").first()
    told = _read(message) if message else None
    if told is None or told.cancelled:
        return None
    [told] = named(order.merchant_id, [told])
    [told] = shared([told], known_orders(order.channel_id, refs=[told.draft.external_ref]))
    return _differences(order, told)


def _read(message: ShopMessage) -> OrderTold | None:
    try:
        body = sealing.opened(bytes(message.body), purpose=PURPOSE)
        told = reader_called(message.connector).read(body, topic=message.topic)
    except (Unreadable, sealing.SealBroken):
        return None
    return told if isinstance(told, OrderTold) else None


def _differences(order: Order, told: OrderTold) -> tuple[dict[str, Any], dict[str, Any]]:
    here = lines_of([order.pk])[order.pk]
    wish = wish_of(told.draft, [_line(line) for line in told.draft.lines], known=here)
    asked = {name: getattr(wish, name) for name in _FIELDS}
    after = {name: value for name, value in asked.items() if value is not None and value != getattr(order, name)}
    before = {name: getattr(order, name) for name in after}
    units = {line.pk: line.quantity - line.cancelled for line in here}
    moved = [line for line in here if wish.quantities[line.pk] != units[line.pk]]
    added = [{"line": 0, "sku": line.sku_code, "name": line.name, "units": line.quantity} for line in wish.added]
    return (
        {**_plain(before), "lines": _with(moved, units)},
        {**_plain(after), "lines": _with(moved, wish.quantities) + added},
    )


def _with(lines: Sequence[OrderLine], units: Mapping[int, int]) -> list[dict[str, Any]]:
    return [{"line": line.pk, "sku": line.sku_code, "name": line.name, "units": units[line.pk]} for line in lines]


def _line(line: DraftLine) -> NewLine:
    return NewLine(
        sku_id=None, sku_code=line.sku, name=line.name, quantity=line.quantity, unit_price_cents=line.unit_price_cents,
        external_ref=line.external_ref, served_by=line.served_by,
    )  # fmt: skip


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}
