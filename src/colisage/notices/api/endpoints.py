"""The JSON doors of webhooks: endpoints, their secrets, the calls of a time sent again."""

from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Router

from colisage.kit.actors import Actor
from colisage.kit.answers import (
    DoneOut,
    OnIn,
    encoded,
    expect,
    given,
    known_id,
    known_parameters,
    read_body,
    there,
)
from colisage.kit.described import described
from colisage.kit.errors import Malformed
from colisage.notices.actions.remove_endpoint import remove_endpoint
from colisage.notices.actions.renew_secret import renew_secret
from colisage.notices.actions.replay_calls import replay_calls
from colisage.notices.actions.save_endpoint import save_endpoint
from colisage.notices.actions.switch_endpoint import switch_endpoint
from colisage.notices.actions.try_endpoint import try_endpoint
from colisage.notices.api.calls import READ, WRITE, WholeCallOut, whole_call
from colisage.notices.models import WebhookEndpoint
from colisage.notices.queries.webhooks import endpoint_of, endpoints_of
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

router = Router(tags=["webhooks"])


class EndpointOut(Struct, frozen=True, kw_only=True):
    """Where news goes. `state` is on, off, or broken: switched off because it did not answer."""

    id: int
    url: str
    note: str
    events: list[str]
    state: str
    created_at: datetime
    changed_at: datetime


class EndpointMadeOut(EndpointOut, frozen=True, kw_only=True):
    """An endpoint with its secret, told once: empty when the same request is sent again under its `Idempotency-Key`."""

    secret: str


class EndpointPageOut(Struct, frozen=True, kw_only=True):
    """All endpoints, the newest first; there are few, and `next` is always null."""

    items: list[EndpointOut]
    next: None = None


class EndpointIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Where news goes, and of what. The types of events are those of `docs/how-to/webhooks.md`."""

    url: Annotated[str, Meta(min_length=1, max_length=500)]
    events: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(min_length=1, max_length=50)]
    note: Annotated[str, Meta(max_length=120)] = ""


class SpanIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The calls of a time, with its zone. `delivered`: also those that were received."""

    since: Annotated[datetime, Meta(tz=True)]
    until: Annotated[datetime, Meta(tz=True)] | None = None
    delivered: bool = False


class SentAgainOut(Struct, frozen=True):
    """How many calls go out again."""

    calls: int


_ENDPOINT: Final = msgspec.json.Decoder(EndpointIn)
_SWITCH: Final = msgspec.json.Decoder(OnIn)
_SPAN: Final = msgspec.json.Decoder(SpanIn)
_ONE: Final[dict[str, Any]] = {"scope": READ, "refusals": (404,), "headers": ("If-None-Match",)}
_SENT: Final[dict[str, Any]] = {"scope": WRITE, "headers": ("Idempotency-Key",)}
_EXAMPLE: Final = {"url": "https://erp.example.com/colisage", "events": ["order.accepted", "shipment.handed_over"]}


def _told(endpoint: WebhookEndpoint) -> EndpointOut:
    return EndpointOut(**{name: getattr(endpoint, name) for name in EndpointOut.__struct_fields__})


def _found(key: Key, endpoint_id: int, *, locked: bool = False) -> WebhookEndpoint:
    return there(endpoint_of(key.merchant_id, endpoint_id=known_id(endpoint_id), locked=locked))


@router.get(
    "/webhooks",
    operation_id="list_webhooks",
    auth=None,
    openapi_extra=described(EndpointPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_webhooks(request: HttpRequest) -> HttpResponse:
    """List the endpoints to which news goes."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, EndpointPageOut(items=[_told(row.endpoint) for row in endpoints_of(key.merchant_id)]))


@router.get(
    "/webhooks/{int:endpoint_id}",
    operation_id="get_webhook",
    auth=None,
    openapi_extra=described(EndpointOut, **_ONE),
)
def get_webhook(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Give an endpoint; its secret is not told again."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _told(_found(key, endpoint_id)))


def _with_secret(answer: HttpResponse, secrets: list[str]) -> HttpResponse:
    """Say the secret in this answer alone: the one that is kept under the idempotency key is without it."""
    del answer.headers["ETag"]  # of an endpoint as `get_webhook` gives it, there is no secret
    if secrets and answer.status_code < 300:
        answer.content = encoded(msgspec.json.decode(answer.content) | {"secret": secrets[-1]})
    return answer


@router.post(
    "/webhooks",
    operation_id="make_webhook",
    auth=None,
    openapi_extra=described(EndpointMadeOut, body=EndpointIn, status=201, refusals=(409,), example=_EXAMPLE, **_SENT),
)
def post_webhook(request: HttpRequest) -> HttpResponse:
    """Let news go to an address. The answer has the secret that signs it: keep it, it is told this once."""
    sent, secrets = read_body(request, _ENDPOINT), list[str]()

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        made, secret = save_endpoint(key.merchant_id, url=sent.url, events=sent.events, note=sent.note, actor=actor)
        secrets.append(secret)
        return 201, _made(_found(key, made))

    return _with_secret(written(request, scope=WRITE, answer=answer), secrets)


def _made(endpoint: WebhookEndpoint) -> EndpointMadeOut:
    return EndpointMadeOut(**msgspec.structs.asdict(_told(endpoint)), secret="")


@router.put(
    "/webhooks/{int:endpoint_id}",
    operation_id="replace_webhook",
    auth=None,
    openapi_extra=described(
        EndpointOut,
        body=EndpointIn,
        scope=WRITE,
        refusals=(404, 412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example=_EXAMPLE,
    ),
)
def put_webhook(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Change where news goes and of what, if it still is as it was read: `If-Match` is the ETag of `get_webhook`."""
    sent = read_body(request, _ENDPOINT)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        expect(request, _told(_found(key, endpoint_id, locked=True)))
        save_endpoint(
            key.merchant_id, url=sent.url, events=sent.events, note=sent.note, endpoint_id=endpoint_id, actor=actor
        )
        return 200, _told(_found(key, endpoint_id))

    return written(request, scope=WRITE, answer=answer)


@router.api_operation(
    ["DELETE"],
    "/webhooks/{int:endpoint_id}",
    operation_id="remove_webhook",
    auth=None,
    openapi_extra=described(DoneOut, refusals=(404,), **_SENT),
)
def delete_webhook(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Forget an endpoint and its secret; what waits for it is given up. The log of its calls stays as long as any."""

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        remove_endpoint(key.merchant_id, endpoint_id=known_id(endpoint_id), actor=actor)
        return 200, DoneOut(outcome="removed", id=endpoint_id)

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/webhooks/{int:endpoint_id}/secret",
    operation_id="renew_webhook_secret",
    auth=None,
    openapi_extra=described(EndpointMadeOut, refusals=(404,), **_SENT),
)
def post_secret(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Give an endpoint a new secret, told this once. The former one signs too for a day."""
    secrets = list[str]()

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        secrets.append(renew_secret(key.merchant_id, endpoint_id=known_id(endpoint_id), actor=actor))
        return 200, _made(_found(key, endpoint_id))

    return _with_secret(written(request, scope=WRITE, answer=answer), secrets)


@router.post(
    "/webhooks/{int:endpoint_id}/switch",
    operation_id="switch_webhook",
    auth=None,
    openapi_extra=described(EndpointOut, body=OnIn, refusals=(404,), example={"on": True}, **_SENT),
)
def post_switch(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Switch an endpoint on, its failures forgotten, or off: what waits for it is kept, not sent."""
    sent = read_body(request, _SWITCH)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        switch_endpoint(key.merchant_id, endpoint_id=known_id(endpoint_id), on=sent.on, actor=actor)
        return 200, _told(_found(key, endpoint_id))

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/webhooks/{int:endpoint_id}/test",
    operation_id="test_webhook",
    auth=None,
    openapi_extra=described(WholeCallOut, status=201, refusals=(404, 409), **_SENT),
)
def post_test(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Send a test message to an endpoint; look the call up a moment later to see what came back."""

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        made = try_endpoint(key.merchant_id, endpoint_id=known_id(endpoint_id), actor=actor)
        return 201, whole_call(key, made)

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/webhooks/{int:endpoint_id}/replay",
    operation_id="replay_webhook",
    auth=None,
    openapi_extra=described(
        SentAgainOut, body=SpanIn, refusals=(404, 409), example={"since": "2026-11-20T09:30:00Z"}, **_SENT
    ),
)
def post_span(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Send the calls of a time again that were given up or kept, under the same ids and with the same bodies."""
    sent = read_body(request, _SPAN)
    if sent.until and sent.until <= sent.since:
        raise Malformed

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        states = ["failed", "kept", *(["sent"] if sent.delivered else [])]
        count = replay_calls(
            key.merchant_id,
            endpoint_id=known_id(endpoint_id),
            since=sent.since,
            until=sent.until,
            states=states,
            actor=actor,
        )
        return 200, SentAgainOut(count)

    return written(request, scope=WRITE, answer=answer)
