"""The JSON doors of returns: read, asked for, approved and refused."""

from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router

from colisage.kit.actors import Actor
from colisage.kit.answers import (
    Id,
    Paged,
    given,
    known_id,
    known_parameters,
    page_of,
    read_body,
    there,
)
from colisage.kit.described import described
from colisage.people.queries import Key, Unauthorized
from colisage.people.queries.doors import behind_key, written
from colisage.returns.actions.approve_returns import approve_returns
from colisage.returns.actions.refuse_return import refuse_return
from colisage.returns.actions.request_return import Wanted, request_return
from colisage.returns.queries import return_label_pdf, return_of, returns_page
from colisage.returns.queries.told import ReturnOut, ReturnPageOut, tell_returns_out

READ: Final = "returns:read"
WRITE: Final = "returns:write"
CUSTOMERS: Final = "customers:read"
PDF: Final = "application/pdf"
router = Router(tags=["returns"])


class ReturnsAsked(Paged):
    """What a list of returns is narrowed to."""

    state: (
        Literal["requested", "approved", "label_sent", "received", "inspected", "refunded", "closed", "refused"] | None
    ) = None


@router.get(
    "/returns",
    operation_id="list_returns",
    auth=None,
    openapi_extra=described(ReturnPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_returns(request: HttpRequest, asked: Query[ReturnsAsked]) -> HttpResponse:
    """List returns, the newest first, with their lines, items and refund."""
    known_parameters(request, ReturnsAsked)
    states = [asked.state] if asked.state else []
    with behind_key(request, scope=READ) as key:
        found = returns_page([key.merchant_id], states=states, after=asked.page, size=asked.limit)
        shown, last = page_of([row.request for row in found], limit=asked.limit)
        told = tell_returns_out(shown, customers=CUSTOMERS in key.scopes)
        return given(request, ReturnPageOut(items=told, next=last.pk if last else None))


@router.get(
    "/returns/{int:return_id}",
    operation_id="get_return",
    auth=None,
    openapi_extra=described(ReturnOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_return(request: HttpRequest, return_id: int) -> HttpResponse:
    """Give a return with its lines, items and refund."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, told_to(key, known_id(return_id)))


def told_to(key: Key, return_id: int) -> ReturnOut:
    """Tell a return to a program; raises `NotThere`."""
    found = there(return_of([key.merchant_id], return_id=return_id))
    return tell_returns_out([found], customers=CUSTOMERS in key.scopes)[0]


class ReturnLineIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Units of one order line that shall come back, and why."""

    line_id: Id
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)]
    reason: Literal[
        "changed_mind", "too_small", "too_large", "not_as_described", "damaged", "faulty", "wrong_item", "late",
        "undelivered",
    ]  # fmt: skip


class ReturnAsked(Struct, forbid_unknown_fields=True, frozen=True):
    """A return. `goodwill` takes it in after the window too, and approves it."""

    order_id: Id
    lines: Annotated[list[ReturnLineIn], Meta(min_length=1, max_length=1_000)]
    note: Annotated[str, Meta(max_length=2_000)] = ""
    goodwill: bool = False


class RefusalIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Why a return is refused: the customer reads it."""

    reason: Annotated[str, Meta(min_length=1, max_length=300)]


_RETURN: Final = msgspec.json.Decoder(ReturnAsked)
_REFUSAL: Final = msgspec.json.Decoder(RefusalIn)
_SENT: Final[dict[str, Any]] = {"scope": WRITE, "refusals": (404, 409), "headers": ("Idempotency-Key",)}


@router.post(
    "/returns",
    operation_id="request_return",
    auth=None,
    openapi_extra=described(
        ReturnOut,
        body=ReturnAsked,
        status=201,
        example={"order_id": 1042, "lines": [{"line_id": 2084, "quantity": 1, "reason": "too_small"}]},
        **_SENT,
    ),
)
def post_return(request: HttpRequest) -> HttpResponse:
    """Ask to send something back. Within the window it is approved at once, unless the shop wants to look first."""
    sent = read_body(request, _RETURN)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        made = request_return(
            key.merchant_id,
            order_id=sent.order_id,
            lines=[Wanted(line.line_id, line.quantity, line.reason) for line in sent.lines],
            note=sent.note,
            goodwill=sent.goodwill,
            actor=actor,
        )
        return 201, told_to(key, made)

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/returns/{int:return_id}/approve",
    operation_id="approve_return",
    auth=None,
    openapi_extra=described(ReturnOut, **_SENT),
)
def post_approve(request: HttpRequest, return_id: int) -> HttpResponse:
    """Approve a return that was asked for; one already judged is left as it is."""

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        approve_returns(key.merchant_id, return_ids=[known_id(return_id)], actor=actor)
        return 200, told_to(key, return_id)

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/returns/{int:return_id}/refuse",
    operation_id="refuse_return",
    auth=None,
    openapi_extra=described(ReturnOut, body=RefusalIn, example={"reason": "It was worn."}, **_SENT),
)
def post_refuse(request: HttpRequest, return_id: int) -> HttpResponse:
    """Refuse a return, before it came or once it is inspected; the customer is told why."""
    sent = read_body(request, _REFUSAL)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        refuse_return(key.merchant_id, return_id=known_id(return_id), reason=sent.reason, actor=actor)
        return 200, told_to(key, return_id)

    return written(request, scope=WRITE, answer=answer)


@router.get(
    "/returns/{int:return_id}/label.pdf",
    operation_id="get_return_label",
    auth=None,
    openapi_extra=described(scope=READ, refusals=(404,), gives=(PDF,)),
)
def get_return_label(request: HttpRequest, return_id: int) -> HttpResponse:
    """Give the label of a return as PDF, in the language of the order. Needs `customers:read`, too."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        if CUSTOMERS not in key.scopes:
            raise Unauthorized(scope=CUSTOMERS)
        found = return_of([key.merchant_id], return_id=known_id(return_id))
        labelled = there(found if found and found.label else None)
        content = return_label_pdf(labelled, language=labelled.order.language)
        name = f'attachment; filename="{labelled.number}.pdf"'
        return HttpResponse(content, content_type=PDF, headers={"Content-Disposition": name})
