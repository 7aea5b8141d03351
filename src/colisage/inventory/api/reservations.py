"""The JSON doors of what is held for carts."""

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from msgspec import Meta, Struct
from ninja import Router

from colisage.inventory.actions.end_holds import end_holds
from colisage.inventory.actions.hold_stock import hold_stock
from colisage.inventory.api.stock import UnknownChannel
from colisage.inventory.queries.holds import hold_of
from colisage.kit.answers import encoded, known_parameters, read_body
from colisage.kit.described import described
from colisage.kit.errors import NotThere
from colisage.kit.idempotency import Answer, once
from colisage.network.queries import channels_of
from colisage.people.queries import Key, sent_key
from colisage.people.queries.doors import behind_wall_of

HOLDING: Final = "stock:hold"
router = Router(tags=["stock"])


class HeldLineIn(Struct, forbid_unknown_fields=True):
    """So many of one SKU."""

    sku: Annotated[str, Meta(min_length=1, max_length=100)]
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)]


class HoldIn(Struct, forbid_unknown_fields=True):
    """A cart. `reference` is your own identity of it; `ttl_seconds` from 10 to 604,800."""

    reference: Annotated[str, Meta(min_length=1, max_length=80)]
    lines: Annotated[list[HeldLineIn], Meta(min_length=1, max_length=500)]
    channel: Annotated[str, Meta(max_length=30)] = "api"
    ttl_seconds: int = 900


class ReservedLineOut(Struct, frozen=True, kw_only=True):
    """So many units of a SKU that are held."""

    sku: str
    quantity: int


class ReservationOut(Struct, frozen=True, kw_only=True):
    """What is held for a cart, until `expires_at`; it is expired, released or ordered when it is held no more."""

    id: int
    reference: str
    state: Literal["held", "expired", "released", "ordered"]
    expires_at: datetime
    lines: list[ReservedLineOut]


_HOLD: Final = msgspec.json.Decoder(HoldIn)


@router.post(
    "/reservations",
    operation_id="post_reservation",
    auth=None,
    openapi_extra=described(
        ReservationOut,
        also={201: ReservationOut},
        body=HoldIn,
        scope=HOLDING,
        refusals=(404, 409),
        headers=("Idempotency-Key",),
        example={"reference": "cart-58", "lines": [{"sku": "MUG", "quantity": 2}], "channel": "shop"},
    ),
)
def post_reservation(request: HttpRequest) -> HttpResponse:
    """Hold units for a cart until `expires_at`, all of them or none (409 `no_stock`).

    Body: `reference`, `lines` of `sku` and `quantity`, and, if you like, `channel` and `ttl_seconds`. The same
    reference with the same lines is the same reservation. An order that names it as its `reservation` takes it over.
    """
    key = sent_key(request, scope=HOLDING)
    known_parameters(request)
    asked = read_body(request, _HOLD)

    def answer() -> Answer:
        channel, now = channels_of(key.merchant_id).get(asked.channel), timezone.now()
        if channel is None:
            raise UnknownChannel
        hold, new = hold_stock(
            channel,
            reference=asked.reference,
            lines=[(line.sku, line.quantity) for line in asked.lines],
            seconds=asked.ttl_seconds,
            now=now,
        )
        return (201 if new else 200), _hold(key, hold)

    with behind_wall_of(key):
        status, body = once(
            f"key:{key.id}",
            key=request.headers.get("Idempotency-Key", ""),
            body=b"POST reservations " + request.body,
            merchants=[key.merchant_id],
            answer=answer,
        )
    return HttpResponse(body, status=status, content_type="application/json")


@router.get(
    "/reservations/{int:hold_id}",
    operation_id="get_reservation",
    auth=None,
    openapi_extra=described(ReservationOut, scope=HOLDING, refusals=(404,)),
)
def get_reservation(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Say what is held for a cart, and its state: held, expired, released or ordered."""
    key = sent_key(request, scope=HOLDING)
    known_parameters(request)
    with behind_wall_of(key):
        return HttpResponse(_hold(key, hold_id), content_type="application/json")


@router.api_operation(
    ["DELETE"],
    "/reservations/{int:hold_id}",
    operation_id="delete_reservation",
    auth=None,
    openapi_extra=described(ReservationOut, scope=HOLDING, refusals=(404,)),
)
def delete_reservation(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Give back what is held for a cart, once; again is harmless."""
    key = sent_key(request, scope=HOLDING)
    known_parameters(request)
    with behind_wall_of(key):
        _hold(key, hold_id)  # 404 where there is none
        end_holds([(key.merchant_id, hold_id)], now=timezone.now())
        return HttpResponse(_hold(key, hold_id), content_type="application/json")


def _hold(key: Key, hold_id: int) -> bytes:
    hold = hold_of(key.merchant_id, hold_id=hold_id, now=timezone.now()) if hold_id < 2**63 else None
    if hold is None:
        raise NotThere
    return encoded(
        ReservationOut(
            id=hold.id,
            reference=hold.reference,
            state=hold.state,
            expires_at=hold.expires_at.replace(microsecond=0),
            lines=[ReservedLineOut(sku=sku, quantity=quantity) for sku, quantity in hold.lines],
        )
    )
