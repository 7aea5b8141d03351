"""The JSON doors of connections with shops: how each goes, tried and asked now, and what could not be told."""

from datetime import datetime
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Struct
from ninja import Query, Router

from colisage.connectors.actions.ask_now import ask_now
from colisage.connectors.actions.ask_to_check import ask_to_check
from colisage.connectors.actions.settle_errands_each import settle_errands_each
from colisage.connectors.queries.connections import Connected, connection_of, connections_of, errands_page
from colisage.connectors.queries.interchanges import interchanges_refused
from colisage.intake.queries import messages_waiting
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    Ids,
    Paged,
    ResultsOut,
    given,
    known_parameters,
    page_of,
    read_body,
    results_of,
    there,
)
from colisage.kit.described import described
from colisage.network.queries.channels import channel_called
from colisage.network.queries.told import channels_told
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "network:read"
WRITE: Final = "network:write"
STATES: Final = {"ok": "well", "warn": "troubled", "bad": "broken", "": "off"}
router = Router(tags=["network"])


class WrongOut(Struct, frozen=True, kw_only=True):
    """Something that is wrong with a connection; `where` is empty where it is wrong whenever the shop is called."""

    problem: str
    detail: str
    since: datetime
    where: str


class ConnectionOut(Struct, frozen=True, kw_only=True):
    """How the connection of a channel with its shop goes; what opens it (addresses, secrets) is not told.

    `state`: well, troubled, broken (it failed several times), or off. `problems` is all that is wrong now, the eldest
    first; `problem`, `problem_detail` and `problem_since` repeat the eldest. `heard_at` is when the shop last sent
    something, `asked_at` when it last answered us. Errands are what it is to be told: so many on their way, so many
    `refused`. Messages and interchanges of it that wait for a decision are counted, too.
    """

    channel: str
    shop: str
    state: str
    problem: str
    problem_detail: str
    problem_since: datetime | None
    problems: list[WrongOut]
    heard_at: datetime | None
    asked_at: datetime | None
    errands_waiting: int
    errands_refused: int
    messages_waiting: int
    interchanges_refused: int


class ConnectionsOut(Struct, frozen=True, kw_only=True):
    """Every connection, by channel; `next` is always null."""

    items: list[ConnectionOut]
    next: None = None


class ErrandOut(Struct, frozen=True, kw_only=True):
    """Something a shop is to be told. `state`: waiting, unknown (it may have arrived), or refused: somebody decides."""

    id: int
    what: str
    state: str
    order_id: int | None
    problem: str
    detail: str
    tries: int
    made_at: datetime


class ErrandPageOut(Struct, frozen=True, kw_only=True):
    """A page of errands that are not done, the latest first; `next` is the `page` that follows, null on the last."""

    items: list[ErrandOut]
    next: int | None


class ErrandsNamed(Struct, forbid_unknown_fields=True, frozen=True):
    """The ids of errands."""

    errands: Ids


_NAMED: Final = msgspec.json.Decoder(ErrandsNamed)
_READ: Final[dict[str, Any]] = {"scope": READ, "headers": ("If-None-Match",)}
_SENT: Final[dict[str, Any]] = {"scope": WRITE, "headers": ("Idempotency-Key",)}
_ERRANDS: Final[dict[str, Any]] = {**_SENT, "body": ErrandsNamed, "example": {"errands": [58, 59]}}


def _told(going: Connected, code: str, *, messages: dict[int, int], refused: dict[int, int]) -> ConnectionOut:
    wrong = [
        WrongOut(problem=str(one.said), detail=one.detail, since=one.since, where=str(one.where))
        for one in going.problems
    ]
    return ConnectionOut(
        channel=code,
        shop=str(going.label),
        state=STATES[going.tone],
        problem=wrong[0].problem if wrong else "",
        problem_detail=wrong[0].detail if wrong else "",
        problem_since=wrong[0].since if wrong else None,
        problems=wrong,
        heard_at=going.heard_at,
        asked_at=going.polled_at,
        errands_waiting=going.waiting,
        errands_refused=going.refused,
        messages_waiting=messages.get(going.channel_id, 0),
        interchanges_refused=refused.get(going.channel_id, 0),
    )


@router.get(
    "/connections", operation_id="list_connections", auth=None, openapi_extra=described(ConnectionsOut, **_READ)
)
def list_connections(request: HttpRequest) -> HttpResponse:
    """Say how the connections with shops go: what is wrong since when, what waits, what was refused."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, ConnectionsOut(items=_all(key)))


def _all(key: Key) -> list[ConnectionOut]:
    going, ours = connections_of([key.merchant_id]), [key.merchant_id]
    codes = {one.id: one.code for one in channels_told(key.merchant_id).items}
    messages, refused = messages_waiting(ours), interchanges_refused(ours)
    return [_told(going[pk], code, messages=messages, refused=refused) for pk, code in codes.items() if pk in going]


def _channel(key: Key, code: str) -> int:
    return int(there(channel_called(key.merchant_id, code=code)).pk)


def _one(key: Key, code: str) -> ConnectionOut:
    return there(next((one for one in _all(key) if one.channel == code), None))


@router.get(
    "/channels/{channel}/connection",
    operation_id="get_connection",
    auth=None,
    openapi_extra=described(ConnectionOut, refusals=(404,), **_READ),
)
def get_connection(request: HttpRequest, channel: str) -> HttpResponse:
    """Say how the connection of a channel with its shop goes."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _one(key, channel))


@router.post(
    "/channels/{channel}/connection/check",
    operation_id="check_connection",
    auth=None,
    openapi_extra=described(ConnectionOut, status=202, refusals=(404,), **_SENT),
)
def post_check(request: HttpRequest, channel: str) -> HttpResponse:
    """Have the connection of a channel tried; read it a moment later."""

    def answer(key: Key, _actor: Actor) -> tuple[int, Any]:
        ask_to_check(key.merchant_id, channel_id=_channel(key, channel))
        return 202, _one(key, channel)

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/channels/{channel}/connection/ask",
    operation_id="ask_shop",
    auth=None,
    openapi_extra=described(ConnectionOut, status=202, refusals=(404, 409), **_SENT),
)
def post_ask(request: HttpRequest, channel: str) -> HttpResponse:
    """Have the shop of a channel asked for what changed now.

    One that only sends is refused (409, `only_sends`), and one that is switched off (409, `switched_off`).
    """

    def answer(key: Key, _actor: Actor) -> tuple[int, Any]:
        ask_now(key.merchant_id, channel_id=_channel(key, channel))
        return 202, _one(key, channel)

    return written(request, scope=WRITE, answer=answer)


@router.get(
    "/channels/{channel}/errands",
    operation_id="list_errands",
    auth=None,
    openapi_extra=described(ErrandPageOut, refusals=(404,), **_READ),
)
def list_errands(request: HttpRequest, channel: str, asked: Query[Paged]) -> HttpResponse:
    """List what the shop of a channel is to be told and was not yet, or refused; the latest first."""
    known_parameters(request, Paged)
    with behind_key(request, scope=READ) as key:
        found = there(connection_of([key.merchant_id], channel_id=_channel(key, channel)))
        shown, last = page_of(errands_page(found, before=asked.page, size=asked.limit), limit=asked.limit)
        items = [
            ErrandOut(
                id=one.id,
                what=one.what,
                state=one.state,
                order_id=one.order_id,
                problem=str(one.problem),
                detail=one.detail,
                tries=one.tries,
                made_at=one.made_at,
            )
            for one in shown
        ]
        return given(request, ErrandPageOut(items=items, next=last.id if last else None))


@router.post("/errands/retry", operation_id="retry_errands", auth=None, openapi_extra=described(ResultsOut, **_ERRANDS))
def post_retry(request: HttpRequest) -> HttpResponse:
    """Have shops told again what they refused: each is `retried`, `unchanged` (it is told already) or `refused`."""
    return _settled(request, again=True, done="retried")


@router.post("/errands/drop", operation_id="drop_errands", auth=None, openapi_extra=described(ResultsOut, **_ERRANDS))
def post_drop(request: HttpRequest) -> HttpResponse:
    """Tell shops something no more: each is `dropped`, `unchanged` (it is told already) or `refused`."""
    return _settled(request, again=False, done="dropped")


def _settled(request: HttpRequest, *, again: bool, done: str) -> HttpResponse:
    sent = read_body(request, _NAMED).errands

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = settle_errands_each(key.merchant_id, sent, again=again, actor=actor)
        return 200, results_of(sent, became, done=done)

    return written(request, scope=WRITE, answer=answer)
