"""What a shop asks of us and waits to hear: will you send this; will you rather not."""

from django.db import transaction
from django.utils.translation import gettext as _

from colisage.connectors.models import Connection, Errand
from colisage.connectors.ports import Access, Answering, Requested
from colisage.intake.queries.messages import fate_of
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused
from colisage.kit.money import shares
from colisage.orders.actions.change_order import Wish, change_order
from colisage.orders.actions.close_orders import close_without_parcel
from colisage.orders.actions.place_orders import NewLine
from colisage.orders.actions.retell_order import retell_order
from colisage.orders.queries import OrderLine, lines_of, orders_by_id, orders_of_channel
from colisage.orders.queries.changes import comes_to
from colisage.orders.queries.left import units_left


class NotYet(Exception):  # noqa: N818 -- an answer
    """What decides the answer is being read right now."""


def answer_request(found: Connection, shop: Answering, access: Access, errand: Errand) -> None:
    """Answer what a shop asks about a part of an order, as it is with the order here; nothing when it was answered.

    To be sent: yes when the order is here, no when it was refused or is cancelled, with the reason. To be given back:
    the units are taken out here first, whole or not at all, and only then it is told. Speaks HTTP. Raises `NotYet`
    while the order is still to be read, `ShopRefused` as a shop does.
    """
    asked = shop.requested(access, key=errand.key)
    if asked is None:
        return
    no = _given_back(found, asked, key=errand.key) if asked.give_back else _sent(found, asked)
    shop.answer(access, asked=asked, no=no)


def _sent(found: Connection, asked: Requested) -> str:
    """Say why an order is not sent; nothing when it is."""
    order = orders_of_channel(found.channel_id, refs=[asked.external_ref]).get(asked.external_ref)
    if order is not None:
        return _("The order is cancelled here.") if order.state == "cancelled" else ""
    state, why = fate_of(found.channel_id, ref=asked.external_ref)
    if state in {"", "waiting"}:
        raise NotYet
    return why


def _given_back(found: Connection, asked: Requested, *, key: str) -> str:
    """Take units out of an order that is here; say why they cannot be, or nothing."""
    order = orders_of_channel(found.channel_id, refs=[asked.external_ref]).get(asked.external_ref)
    if order is None:
        state, _why = fate_of(found.channel_id, ref=asked.external_ref)
        if state == "waiting":
            raise NotYet
        return ""
    if order.state == "cancelled":
        return ""
    actor = Actor(kind="connector", id=found.channel_id, name=found.channel.name)
    try:
        _take_out(found.merchant_id, order.id, asked, key=f"given back:{key}", actor=actor)
    except Refused as refusal:
        return str(refusal)
    return ""


@transaction.atomic
def _take_out(merchant_id: int, order_id: int, asked: Requested, *, key: str, actor: Actor) -> None:
    """Let somebody else send units of an order; what the customer pays stays. Raises `Refused`."""
    before, lines = orders_by_id(merchant_id, ids=[order_id])[order_id], lines_of([order_id])[order_id]
    was = comes_to(before, lines)
    left, falls = units_left([order_id]), {}
    for line in lines:
        wanted = asked.lines.get(line.external_ref, 0)
        if wanted and line.requires_shipping and not line.served_by:
            falls[line] = min(wanted, line.wanted) if line.wanted - left.get(line.pk, 0) >= wanted else line.wanted
    wish = Wish(
        quantities={line.pk: line.wanted - units for line, units in falls.items()},
        added=tuple(_elsewhere(line, units, sender=asked.sender) for line, units in falls.items() if units),
    )
    done = change_order(
        merchant_id, order_id=order_id, wish=wish, actor=actor, reason="shop_changed", source="channel", key=key
    )
    if done.change_id is not None:
        retell_order(merchant_id, order_id=order_id, total_cents=was, fingerprint=before.fingerprint)
    close_without_parcel([order_id])


def _elsewhere(line: OrderLine, units: int, *, sender: str) -> NewLine:
    def part(cents: int) -> int:
        return shares(cents, weights=[units, line.quantity - units])[0]

    return NewLine(
        sku_id=line.sku_id, sku_code=line.sku_code, name=line.name, quantity=units,
        unit_price_cents=line.unit_price_cents, discount_cents=part(line.discount_cents),
        tax_cents=part(line.tax_cents), requires_shipping=False, external_ref=line.external_ref,
        personalisation=line.personalisation, served_by=sender,
    )  # fmt: skip
