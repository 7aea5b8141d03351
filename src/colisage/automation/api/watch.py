"""The JSON doors of what is watched: orders that look like another, and signs of risk with their weights."""

from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Router

from colisage.automation.actions.save_watch import save_watch
from colisage.automation.queries.watching import PLAIN, watch_of, weights_of
from colisage.automation.rules.shape import MOST_NUMBER
from colisage.automation.rules.signals import MOST_WEIGHT
from colisage.kit.actors import Actor
from colisage.kit.answers import expect, given, known_parameters, read_body
from colisage.kit.described import described
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "rules:read"
WRITE: Final = "rules:write"
router = Router(tags=["rules"])


class WatchOut(Struct, frozen=True, kw_only=True):
    """What is looked at when orders come in. An order is held when the `weights` of its signs reach the `threshold`.

    `dear_cents` is in the merchant's currency.
    """

    duplicates: bool
    window_hours: int
    risk: bool
    threshold: int
    weights: dict[str, int]
    dear_cents: int
    many_units: int


class WatchIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What shall be looked at, as a whole. Signs that are not named have their usual weight; 0 counts one no more."""

    duplicates: bool
    risk: bool
    window_hours: Annotated[int, Meta(ge=1, le=720)] = 24
    threshold: Annotated[int, Meta(ge=1, le=100_000)] = 50
    weights: dict[str, Annotated[int, Meta(ge=0, le=MOST_WEIGHT)]] = {}
    dear_cents: Annotated[int, Meta(ge=0, le=MOST_NUMBER)] = 30_000
    many_units: Annotated[int, Meta(ge=1, le=1_000_000)] = 10


_WATCH: Final = msgspec.json.Decoder(WatchIn)


def _told(merchant_id: int, *, locked: bool = False) -> WatchOut:
    watch = watch_of(merchant_id, locked=locked)
    return WatchOut(**{name: getattr(watch, name) for name in PLAIN}, weights=dict(weights_of(watch)))


@router.get(
    "/watch",
    operation_id="get_watch",
    auth=None,
    openapi_extra=described(WatchOut, scope=READ, headers=("If-None-Match",)),
)
def get_watch(request: HttpRequest) -> HttpResponse:
    """Say what is looked at when orders come in, and what each sign of risk weighs."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _told(key.merchant_id))


@router.put(
    "/watch",
    operation_id="replace_watch",
    auth=None,
    openapi_extra=described(
        WatchOut,
        body=WatchIn,
        scope=WRITE,
        refusals=(412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example={"duplicates": True, "risk": True, "threshold": 60, "weights": {"bill_differs": 30}},
    ),
)
def put_watch(request: HttpRequest) -> HttpResponse:
    """Say what is looked at from the next order on, if it still is as it was read (`If-Match`)."""
    sent = read_body(request, _WATCH)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        expect(request, _told(key.merchant_id, locked=True))
        save_watch(key.merchant_id, **msgspec.structs.asdict(sent), actor=actor)
        return 200, _told(key.merchant_id)

    return written(request, scope=WRITE, answer=answer)
