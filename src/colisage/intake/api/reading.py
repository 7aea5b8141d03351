"""What posted orders say: read from JSON, of many each by itself, and turned into drafts."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from django.utils.translation import override

from colisage.intake.api.shapes import AddressIn, OrderIn, OrdersIn
from colisage.intake.ports import DraftAddress, DraftLine, OrderDraft
from colisage.kit.bodies import holds_nul
from colisage.kit.errors import Malformed
from colisage.kit.unreadable import why_unreadable
from colisage.network.queries import ChannelFacts
from colisage.people.queries import Key


class _RawOrders(msgspec.Struct, forbid_unknown_fields=True):
    """Many orders, each still to be read."""

    orders: Annotated[list[msgspec.Raw], msgspec.Meta(min_length=1, max_length=5_000)]


class _Named(msgspec.Struct):
    """What of an order can be read where the rest cannot."""

    reference: str = ""


_ONE = msgspec.json.Decoder(OrderIn)
_MANY = msgspec.json.Decoder(OrdersIn)
_RAW = msgspec.json.Decoder(_RawOrders)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)
_NAMED = msgspec.json.Decoder(_Named)
_BEGINS_MANY = re.compile(rb'\s*\{\s*"orders"\s*:')


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An order of many that does not fit the description, as its sender calls it, and why."""

    reference: str
    why: str


@dataclass(frozen=True, slots=True)
class Post:
    """One request: who sent which orders, under which idempotency key."""

    key: Key
    channels: Mapping[str, ChannelFacts]
    orders: Sequence[OrderIn | Unreadable]
    many: bool
    language: str
    idempotency_key: str
    digest: bytes


def read_post(
    body: bytes, *, key: Key, channels: Mapping[str, ChannelFacts], language: str, idempotency_key: str
) -> Post:
    """Read the body of a request; raise `Malformed`, which says where it is wrong. Of many, each is read by itself."""
    many = _BEGINS_MANY.match(body) is not None
    try:
        orders = _many(body, language=language) if many else [_whole(body)]
    except _UNREADABLE as error:
        with override(language):
            raise Malformed(why_unreadable(error)) from error
    digest = hashlib.sha256(body).digest() if idempotency_key else b""
    return Post(key, channels, orders, many, language, idempotency_key, digest)


def _many(body: bytes, *, language: str) -> Sequence[OrderIn | Unreadable]:
    """Read many orders: at once where all can be read, else each by itself."""
    if not holds_nul(body):
        with suppress(*_UNREADABLE):
            return _MANY.decode(body).orders
    return [_one(bytes(raw), language=language) for raw in _RAW.decode(body).orders]


def _one(body: bytes, *, language: str) -> OrderIn | Unreadable:
    try:
        return _whole(body)
    except _UNREADABLE as error:
        with override(language):
            return Unreadable(_reference_of(body), str(Malformed(why_unreadable(error))))


def _whole(body: bytes) -> OrderIn:
    if holds_nul(body):
        raise msgspec.ValidationError("a text holds the character NUL")
    return _ONE.decode(body)


def _reference_of(body: bytes) -> str:
    """Give what its sender calls an order that cannot be read, if that can be."""
    try:
        return "" if holds_nul(body) else _NAMED.decode(body).reference[:80]
    except _UNREADABLE:
        return ""


def draft_of(order: OrderIn) -> OrderDraft:
    """Turn an order as it came over the wire into a draft."""
    lines = tuple(
        DraftLine(
            line.sku, line.quantity, line.unit_price_cents, line.name, line.discount_cents, line.tax_cents,
            line.requires_shipping, line.reference, line.personalisation,
        )
        for line in order.lines
    )  # fmt: skip
    total = order.total_cents
    if total is None:
        tax = 0 if order.prices_include_tax else order.tax_cents
        total = sum(line.total_cents for line in lines) + order.shipping_cents - order.discount_cents + tax
    return OrderDraft(
        external_ref=order.reference,
        number=order.number or order.reference[:40],
        placed_at=order.placed_at or datetime.now(UTC),
        currency=order.currency,
        lines=lines,
        total_cents=total,
        ship_to=_address(order.ship_to),
        bill_to=_address(order.bill_to),
        email=order.email,
        phone=order.phone,
        customer_name=order.customer_name or (order.ship_to.name if order.ship_to else ""),
        language=order.language,
        shipping_cents=order.shipping_cents,
        tax_cents=order.tax_cents,
        discount_cents=order.discount_cents,
        prices_include_tax=order.prices_include_tax,
        payment=order.payment,
        shipping_method=order.shipping_method,
        customer_note=order.customer_note,
        gift_note=order.gift_note,
        purchase_reference=order.purchase_reference,
        wanted_on=order.wanted_on,
        tags=tuple(order.tags),
        reservation=order.reservation,
    )


def _address(address: AddressIn | None) -> DraftAddress | None:
    return DraftAddress(**msgspec.structs.asdict(address)) if address else None
