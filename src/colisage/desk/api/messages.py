"""The JSON doors of what shops said: messages that could not be read, corrected, read again, set aside."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router

from colisage.desk.actions.settle_messages import settle_messages
from colisage.intake.actions.correct_message import correct_message
from colisage.intake.queries import MessageRow, message_of, messages_page
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    Ids,
    Paged,
    ResultsOut,
    Text,
    given,
    known_id,
    known_parameters,
    page_of,
    read_body,
    results_of,
    there,
)
from colisage.kit.described import described
from colisage.network.queries import channels_of
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "orders:read"
WRITE: Final = "orders:write"
CUSTOMERS: Final = "customers:read"
router = Router(tags=["files"])


class MessagesAsked(Paged):
    """What a list of messages is narrowed to. `number` is that of the order, or its reference."""

    state: Literal["refused", "waiting", "done", "ignored"] | None = None
    channel: Text | None = None
    number: Text | None = None


class MessageOut(Struct, frozen=True, kw_only=True):
    """Something a shop or a partner said. One that is `refused` waits for somebody: `code` and `detail` say why."""

    id: int
    channel_id: int
    via: str
    topic: str
    received_at: datetime
    state: str
    number: str
    outcome: str
    code: str
    detail: str
    order_id: int | None


class WholeMessageOut(MessageOut, frozen=True, kw_only=True):
    """A message with its body; null without the scope customers:read, empty when it is not kept any more."""

    body: str | None


class MessagePageOut(Struct, frozen=True, kw_only=True):
    """A page of messages, the newest first; `next` is the `page` that follows, null on the last."""

    items: list[MessageOut]
    next: int | None


class MessagesIn(Struct, forbid_unknown_fields=True, frozen=True):
    """The ids of messages."""

    messages: Ids


class CorrectedIn(Struct, forbid_unknown_fields=True, frozen=True):
    """A message as it should have been."""

    body: Annotated[str, Meta(min_length=1, max_length=1_000_000)]


_IDS: Final = msgspec.json.Decoder(MessagesIn)
_CORRECTED: Final = msgspec.json.Decoder(CorrectedIn)
_SENT: Final[dict[str, Any]] = {"scope": WRITE, "headers": ("Idempotency-Key",)}


def _told(row: MessageRow, *, customers: bool) -> dict[str, Any]:
    plain = ("id", "channel_id", "via", "topic", "received_at", "state", "number", "outcome", "code", "order_id")
    detail = " ".join(filter(None, (str(row.reason), row.detail if customers else "")))
    return {**{name: getattr(row, name) for name in plain}, "detail": detail}


def _whole(key: Key, message_id: int) -> WholeMessageOut:
    row, body = there(message_of([key.merchant_id], message_id=known_id(message_id)))
    customers = CUSTOMERS in key.scopes
    return WholeMessageOut(**_told(row, customers=customers), body=body if customers else None)


@router.get(
    "/messages",
    operation_id="list_messages",
    auth=None,
    openapi_extra=described(MessagePageOut, scope=READ, headers=("If-None-Match",)),
)
def list_messages(request: HttpRequest, asked: Query[MessagesAsked]) -> HttpResponse:
    """List what shops and partners said, the newest first; `state=refused` are those that wait for somebody."""
    known_parameters(request, MessagesAsked)
    with behind_key(request, scope=READ) as key:
        channel = channels_of(key.merchant_id).get(asked.channel or "")
        if asked.channel and channel is None:
            return given(request, MessagePageOut(items=[], next=None))
        found = messages_page(
            [key.merchant_id],
            channel_id=channel.id if channel else None,
            state=asked.state or "",
            text=asked.number or "",
            before=asked.page,
            size=asked.limit,
        )
        shown, last = page_of(found, limit=asked.limit)
        items = [MessageOut(**_told(row, customers=CUSTOMERS in key.scopes)) for row in shown]
        return given(request, MessagePageOut(items=items, next=last.id if last else None))


@router.get(
    "/messages/{int:message_id}",
    operation_id="get_message",
    auth=None,
    openapi_extra=described(WholeMessageOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Give a message as it came, and what it did here."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _whole(key, message_id))


@router.post(
    "/messages/retry",
    operation_id="retry_messages",
    auth=None,
    openapi_extra=described(ResultsOut, body=MessagesIn, example={"messages": [9001]}, **_SENT),
)
def post_retry(request: HttpRequest) -> HttpResponse:
    """Have refused messages read again, each judged by itself: `retried`, `unchanged` or `refused` (none is there)."""
    return _settled(request, again=True)


@router.post(
    "/messages/set-aside",
    operation_id="set_messages_aside",
    auth=None,
    openapi_extra=described(ResultsOut, body=MessagesIn, example={"messages": [9001]}, **_SENT),
)
def post_aside(request: HttpRequest) -> HttpResponse:
    """Say that refused messages need nothing more: `set_aside`, `unchanged` or `refused` (none is there)."""
    return _settled(request, again=False)


def _settled(request: HttpRequest, *, again: bool) -> HttpResponse:
    sent = read_body(request, _IDS).messages

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = settle_messages(key.merchant_id, sent, again=again, actor=actor)
        return 200, results_of(sent, became, done="retried" if again else "set_aside")

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/messages/{int:message_id}/correct",
    operation_id="correct_message",
    auth=None,
    openapi_extra=described(
        WholeMessageOut, body=CorrectedIn, status=201, refusals=(404, 409), example={"body": "{…}"}, **_SENT
    ),
)
def post_correct(request: HttpRequest, message_id: int) -> HttpResponse:
    """Send a refused message as it should have been; it is read in place of what came, which stays as it is."""
    sent = read_body(request, _CORRECTED)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        made = correct_message(key.merchant_id, message_id=known_id(message_id), text=sent.body, actor=actor)
        return 201, _whole(key, made)

    return written(request, scope=WRITE, answer=answer)
