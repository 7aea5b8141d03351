"""The JSON doors of the log of calls: what was sent, what came back, calls made again."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Struct
from ninja import Query, Router
from pydantic import Field

from colisage.kit.actors import Actor
from colisage.kit.answers import (
    LARGEST,
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
from colisage.notices.actions.replay_each import replay_each
from colisage.notices.models import WebhookCall
from colisage.notices.queries.webhooks import call_of, calls_page
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "webhooks:read"
WRITE: Final = "webhooks:write"
router = Router(tags=["webhooks"])


class TryOut(Struct, frozen=True, kw_only=True):
    """One attempt. `status` is null where nothing came back; `said` is what did, or why nothing."""

    at: datetime
    status: int | None
    said: str
    took_ms: int


class CallOut(Struct, frozen=True, kw_only=True):
    """One message for one endpoint. `message_id` is the `webhook-id` it is sent with, at every attempt."""

    id: int
    endpoint: int
    message_id: str
    type: str
    state: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    next_try_at: datetime | None
    tries: list[TryOut]


class WholeCallOut(CallOut, frozen=True, kw_only=True):
    """A call with the body that was sent, or is to be."""

    body: str


class CallPageOut(Struct, frozen=True, kw_only=True):
    """A page of calls, the newest first; `next` is the `page` that follows, null on the last."""

    items: list[CallOut]
    next: int | None


class CallsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """The ids of calls."""

    calls: Ids


class CallsAsked(Paged):
    """What the log of calls is narrowed to."""

    endpoint: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    state: Literal["waiting", "sending", "sent", "failed", "kept"] | None = None
    type: Text | None = None


_CALLS: Final = msgspec.json.Decoder(CallsIn)


def _call(call: WebhookCall) -> dict[str, Any]:
    plain = ("message_id", "type", "state", "attempts", "created_at", "sent_at")
    return {
        **{name: getattr(call, name) for name in plain},
        "id": call.pk,
        "endpoint": call.endpoint_id,
        "next_try_at": call.next_try_at if call.state == "waiting" else None,
        "tries": msgspec.convert(call.tries, list[TryOut]),
    }


def whole_call(key: Key, call_id: int) -> WholeCallOut:
    """Tell a call with its body."""
    found = there(call_of(key.merchant_id, call_id=known_id(call_id)))
    return WholeCallOut(**_call(found), body=found.body)


@router.get(
    "/webhook-calls",
    operation_id="list_webhook_calls",
    auth=None,
    openapi_extra=described(CallPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_calls(request: HttpRequest, asked: Query[CallsAsked]) -> HttpResponse:
    """List the calls of the last 30 days, the newest first, each with its attempts and what came back."""
    known_parameters(request, CallsAsked)
    with behind_key(request, scope=READ) as key:
        found = calls_page(
            key.merchant_id,
            endpoint_id=asked.endpoint,
            state=asked.state or "",
            kind=asked.type or "",
            after=asked.page,
            size=asked.limit,
        )
        shown, last = page_of(found, limit=asked.limit)
        items = [CallOut(**_call(call)) for call in shown]
        return given(request, CallPageOut(items=items, next=last.pk if last else None))


@router.get(
    "/webhook-calls/{int:call_id}",
    operation_id="get_webhook_call",
    auth=None,
    openapi_extra=described(WholeCallOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_call(request: HttpRequest, call_id: int) -> HttpResponse:
    """Give a call with its body, its attempts and what came back."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, whole_call(key, call_id))


@router.post(
    "/webhook-calls/replay",
    operation_id="replay_webhook_calls",
    auth=None,
    openapi_extra=described(
        ResultsOut, body=CallsIn, example={"calls": [311, 312]}, scope=WRITE, headers=("Idempotency-Key",)
    ),
)
def post_again(request: HttpRequest) -> HttpResponse:
    """Make calls again, each judged by itself: `again`, `unchanged` (it waits already) or `refused`."""
    sent = read_body(request, _CALLS).calls

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = replay_each(key.merchant_id, sent, actor=actor)
        return 200, results_of(sent, became, done="again")

    return written(request, scope=WRITE, answer=answer)
