"""The JSON doors of EDI: interchanges sent, what was in them, and how they were acknowledged."""

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from msgspec import Struct
from ninja import Query, Router

from colisage.connectors.actions.keep_interchange import keep_interchange
from colisage.connectors.actions.set_aside_interchange import set_aside_interchange
from colisage.connectors.actions.take_interchange import take_interchange
from colisage.connectors.edi.envelopes import MOST_BYTES
from colisage.connectors.models import Interchange
from colisage.connectors.ports import PROBLEMS, ShopRefused
from colisage.connectors.queries.connections import connection_of
from colisage.connectors.queries.interchanges import fault_said, inside_of, interchange_of, interchanges_page
from colisage.kit.actors import Actor
from colisage.kit.answers import DoneOut, Paged, Text, given, known_id, known_parameters, page_of, read_file, there
from colisage.kit.described import described
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import channels_of
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "orders:read"
WRITE: Final = "orders:write"
router = Router(tags=["files"])
_SENT: Final[dict[str, Any]] = {"scope": WRITE, "headers": ("Idempotency-Key",)}


class ShopIsClosed(Refused):
    """The secrets of the connection cannot be opened."""

    code = "connection_closed"
    status = 503


class InterchangesAsked(Paged):
    """Of which channel interchanges are listed, and by whom (a sender) or which (a number)."""

    channel: Text
    text: Text | None = None


class InsideOut(Struct, frozen=True, kw_only=True):
    """A message of an interchange. `message_id` is where it is read (`get_message`); null where it was not taken in."""

    kind: str
    group: str
    number: str
    detail: str
    message_id: int | None
    state: str | None
    order_id: int | None


class InterchangeOut(Struct, frozen=True, kw_only=True):
    """An interchange. `state`: taken, refused (`code`, `detail`) or aside; `times` is how often it came."""

    id: int
    standard: str
    sender: str
    receiver: str
    number: str
    test: bool
    state: str
    code: str
    detail: str
    times: int
    received_at: datetime


class WholeInterchangeOut(InterchangeOut, frozen=True, kw_only=True):
    """An interchange with its messages, and the acknowledgement (997, TA1 or CONTRL) for its sender."""

    messages: list[InsideOut]
    acknowledgement: str


class InterchangesOut(Struct, frozen=True, kw_only=True):
    """The interchanges of a file, in its order."""

    items: list[WholeInterchangeOut]


class InterchangePageOut(Struct, frozen=True, kw_only=True):
    """A page of interchanges, the newest first; `next` is the `page` that follows, null on the last."""

    items: list[InterchangeOut]
    next: int | None


def _told(found: Interchange) -> dict[str, Any]:
    plain = ("standard", "sender", "receiver", "number", "test", "state", "times", "received_at")
    detail = " ".join(filter(None, (str(fault_said(found.reason)), found.detail)))
    return {**{name: getattr(found, name) for name in plain}, "id": found.pk, "code": found.reason, "detail": detail}


def _whole(found: Interchange) -> WholeInterchangeOut:
    inside = [
        InsideOut(
            kind=one.kind, group=one.group, number=one.number, detail=str(one.fault),
            message_id=one.row.id if one.row else None, state=one.row.state if one.row else None,
            order_id=one.row.order_id if one.row else None,
        )
        for one in inside_of(found)
    ]  # fmt: skip
    return WholeInterchangeOut(**_told(found), messages=inside, acknowledgement=found.answer)


def _found(key: Key, interchange_id: int) -> Interchange:
    return there(interchange_of([key.merchant_id], interchange_id=known_id(interchange_id)))


def _channel(key: Key, code: str) -> int:
    """Give the channel of a code that speaks EDI."""
    channel = channels_of(key.merchant_id).get(code)
    spoken = connection_of([key.merchant_id], channel_id=channel.id) if channel else None
    if spoken is None or spoken.connector != "edi":
        raise NotThere
    return int(spoken.channel_id)


@router.post(
    "/channels/{channel}/interchanges",
    operation_id="send_interchanges",
    auth=None,
    openapi_extra=described(
        InterchangesOut, status=202, refusals=(404,), files=("application/edi-x12", "application/edifact"), **_SENT
    ),
)
def post_interchanges(request: HttpRequest, channel: str) -> HttpResponse:
    """Send interchanges (X12 850, EDIFACT ORDERS; at most 5 MB) as they are, as the body.

    They are kept whole and acknowledged at once; their orders are read a moment later. The same bytes again are the
    same interchange. One whose envelope is broken is `refused`.
    """
    body = read_file(request, megabytes=MOST_BYTES // 1_000_000)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        try:
            kept = keep_interchange(
                key.merchant_id, channel_id=_channel(key, channel), body=body, via="hand", by_name=str(actor)
            )
        except ShopRefused as refusal:
            raise ShopIsClosed(PROBLEMS[refusal.code]) from refusal
        return 202, InterchangesOut(items=[_whole(_found(key, one.pk)) for one in kept])

    return written(request, scope=WRITE, answer=answer)


@router.get(
    "/interchanges",
    operation_id="list_interchanges",
    auth=None,
    openapi_extra=described(InterchangePageOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def list_interchanges(request: HttpRequest, asked: Query[InterchangesAsked]) -> HttpResponse:
    """List what partners sent to a channel, the newest first."""
    known_parameters(request, InterchangesAsked)
    with behind_key(request, scope=READ) as key:
        found = interchanges_page(
            [key.merchant_id],
            channel_id=_channel(key, asked.channel),
            text=asked.text or "",
            before=asked.page,
            size=asked.limit,
            worded=False,
        )
        shown, last = page_of(found, limit=asked.limit)
        items = [InterchangeOut(**_told(one)) for one in shown]
        return given(request, InterchangePageOut(items=items, next=last.pk if last else None))


@router.get(
    "/interchanges/{int:interchange_id}",
    operation_id="get_interchange",
    auth=None,
    openapi_extra=described(WholeInterchangeOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_interchange(request: HttpRequest, interchange_id: int) -> HttpResponse:
    """Give an interchange with what became of its messages, and its acknowledgement."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _whole(_found(key, interchange_id)))


@router.post(
    "/interchanges/{int:interchange_id}/take",
    operation_id="take_interchange",
    auth=None,
    openapi_extra=described(WholeInterchangeOut, refusals=(404, 409), **_SENT),
)
def post_take(request: HttpRequest, interchange_id: int) -> HttpResponse:
    """Take in the messages of a refused interchange that are whole all the same."""

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        made = take_interchange(key.merchant_id, interchange_id=known_id(interchange_id), actor=actor)
        return 200, _whole(_found(key, made.pk))

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/interchanges/{int:interchange_id}/set-aside",
    operation_id="set_interchange_aside",
    auth=None,
    openapi_extra=described(DoneOut, refusals=(404,), **_SENT),
)
def post_aside(request: HttpRequest, interchange_id: int) -> HttpResponse:
    """Say that a refused interchange needs nothing more: `set_aside`, or `unchanged` when it was not refused."""

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        found = _found(key, interchange_id)
        done = set_aside_interchange(key.merchant_id, interchange_id=found.pk, actor=actor)
        return 200, DoneOut(outcome="set_aside" if done else "unchanged", id=found.pk)

    return written(request, scope=WRITE, answer=answer)
