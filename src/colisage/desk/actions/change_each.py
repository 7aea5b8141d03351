"""Changing orders for a program, each judged by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from colisage.desk.queries.changes import line_to_add
from colisage.desk.queries.told import order_told
from colisage.kit.actors import Actor
from colisage.kit.answers import etag_of, expect_tag
from colisage.kit.each import each
from colisage.kit.errors import NotThere, Refused
from colisage.orders.actions.change_order import Changed, UnknownSku, Wish, change_order
from colisage.orders.actions.place_orders import NewLine
from colisage.orders.queries import Order, order_of
from colisage.orders.queries.changes import last_number


@dataclass(frozen=True, slots=True)
class Addition:
    """Units of a SKU that join an order, by its code; at the catalogue's price and the order's tax unless said."""

    sku: str
    units: int
    price_cents: int | None = None
    discount_cents: int = 0
    tax_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """How an order shall look (the fields of a `Wish`), and the ETag under which the program read it."""

    order_id: int
    etag: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    additions: Sequence[Addition] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What a change did, and the ETag of the order as it is now."""

    changed: Changed
    etag: str


@transaction.atomic
def change_each(merchant_id: int, wanted: Sequence[Asked], *, actor: Actor, customers: bool) -> list[Done | Refused]:
    """Change orders, each as a whole or not at all; say of each what became of it, in the order they were sent.

    Refused is one that is not as the program read it any more, and what `change_order` refuses. `customers`: whether
    the program reads who the customers are, as ETags tell the two apart.
    """
    return each(wanted, lambda one: _change(merchant_id, one, actor=actor, customers=customers))


def _change(merchant_id: int, asked: Asked, *, actor: Actor, customers: bool) -> Done:
    order = order_of([merchant_id], order_id=asked.order_id)
    if order is None:
        raise NotThere
    seen = last_number(order.pk)  # before it is read: what changes after that is refused below
    expect_tag(asked.etag, order_told(order, customers=customers))
    wish = Wish(**asked.fields, added=tuple(_added(order, one) for one in asked.additions))
    done = change_order(
        merchant_id, order_id=order.pk, wish=wish, reason=asked.reason, source="api", seen=seen, actor=actor
    )
    now = order_of([merchant_id], order_id=order.pk)
    return Done(done, etag_of(order_told(now or order, customers=customers)))


def _added(order: Order, one: Addition) -> NewLine:
    line = line_to_add(
        order, code=one.sku, units=one.units, price_cents=one.price_cents, discount_cents=one.discount_cents,
        tax_cents=one.tax_cents,
    )  # fmt: skip
    if line is None:
        raise UnknownSku(code=one.sku)
    return line
