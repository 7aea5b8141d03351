"""The JSON doors of rows of a file that came back: corrected, sent again as they are, set aside."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct
from ninja import Router

from colisage.desk.api.imports import ImportOut, import_told
from colisage.intake.actions.take_rows import ORDERS
from colisage.intake.ports import REASONS
from colisage.kit.actors import Actor
from colisage.kit.answers import known_id, read_body
from colisage.kit.described import described
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.sent_files import Sent, Typed, send_rows, send_rows_later, set_rows_aside
from colisage.people.queries import Key
from colisage.people.queries.doors import written

WRITE: Final = "orders:write"
router = Router(tags=["files"])
Number = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Numbers = Annotated[list[Number], Meta(min_length=1, max_length=200)]


class RowIn(Struct, forbid_unknown_fields=True, frozen=True):
    """The cells of a row as they should have been, under the columns of the file."""

    row: Number
    cells: Annotated[list[str], Meta(min_length=1, max_length=1_000)]


class OrderRowsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """An order that came back, by the row it begins with: rows as they should have been, and rows to leave out of it.

    Rows that are not named are sent as they are. `seen` are the tries of its rows when you read them, in all: with it
    nothing is sent over what somebody typed since.
    """

    order_row: Number
    rows: Annotated[list[RowIn], Meta(max_length=10_000)] = []
    left_out: Annotated[list[Number], Meta(max_length=10_000)] = []
    seen: Annotated[int, Meta(ge=0)] | None = None


class CorrectedRowsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Orders that came back, corrected."""

    orders: Annotated[list[OrderRowsIn], Meta(min_length=1, max_length=200)]


class OrderRowsListIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Orders that came back, by the row each begins with."""

    order_rows: Numbers


class AllRowsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """All orders that came back, or those of which a row came back for a reason, by its code."""

    code: Annotated[str, Meta(max_length=40)] = ""


class RowFaultOut(Struct, frozen=True, kw_only=True):
    """Why a row came back again."""

    row: int
    code: str
    detail: str


class SentOut(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an order: accepted, duplicate (it was here), left (nothing to send), set_aside or refused.

    A refused one has its rows with their reasons, or a `code` and a sentence of its own.
    """

    order_row: int
    outcome: str
    order_id: int | None = None
    code: str = ""
    detail: str = ""
    rows: list[RowFaultOut] = []


class SentListOut(Struct, frozen=True, kw_only=True):
    """What became of each order, in the order in which they were sent."""

    results: list[SentOut]


_CORRECTED: Final = msgspec.json.Decoder(CorrectedRowsIn)
_ORDERS: Final = msgspec.json.Decoder(OrderRowsListIn)
_ALL: Final = msgspec.json.Decoder(AllRowsIn)
_SENT: Final[dict[str, Any]] = {"scope": WRITE, "headers": ("Idempotency-Key",)}


class NoSuchReason(Malformed):
    """No row comes back for that."""

    code = "unknown_reason"
    text = _("No row comes back for the reason %(code)s.")


def _told(order_row: int, became: Sent | Refused) -> SentOut:
    if isinstance(became, Refused):
        return SentOut(order_row=order_row, outcome="refused", code=became.code, detail=str(became))
    rows = [
        RowFaultOut(row=row, code=code, detail=str(REASONS.get(code, code)))
        for row, code in sorted(became.reasons.items())
    ]
    return SentOut(order_row=order_row, outcome=became.outcome, order_id=became.made_id, rows=rows)


def _all_told(answers: Mapping[int, Sent | Refused]) -> SentListOut:
    return SentListOut(results=[_told(order_row, became) for order_row, became in answers.items()])


@router.post(
    "/imports/{int:import_id}/refused/correct",
    operation_id="correct_refused_rows",
    auth=None,
    openapi_extra=described(
        SentListOut, body=CorrectedRowsIn, refusals=(404,),
        example={"orders": [{"order_row": 3, "rows": [{"row": 4, "cells": ["A-1002", "MUG", "2"]}]}]}, **_SENT,
    ),
)  # fmt: skip
def post_corrected(request: HttpRequest, import_id: int) -> HttpResponse:
    """Send orders of a file that came back again, corrected: read as the file was, each judged by itself."""
    sent = read_body(request, _CORRECTED).orders
    typed = {
        one.order_row: Typed({row.row: row.cells for row in one.rows}, set(one.left_out), one.seen) for one in sent
    }

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        run_id = known_id(import_id)
        return 200, _all_told(
            send_rows(ORDERS, list(typed), merchant_id=key.merchant_id, run_id=run_id, actor=actor, typed=typed)
        )

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/imports/{int:import_id}/refused/retry",
    operation_id="retry_refused_rows",
    auth=None,
    openapi_extra=described(
        SentListOut, body=OrderRowsListIn, refusals=(404,), example={"order_rows": [3, 7]}, **_SENT
    ),
)  # fmt: skip
def post_retry(request: HttpRequest, import_id: int) -> HttpResponse:
    """Send orders of a file that came back again as they are: what was missing is there now."""
    order_rows = list(dict.fromkeys(read_body(request, _ORDERS).order_rows))

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        run_id = known_id(import_id)
        return 200, _all_told(send_rows(ORDERS, order_rows, merchant_id=key.merchant_id, run_id=run_id, actor=actor))

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/imports/{int:import_id}/refused/retry-all",
    operation_id="retry_all_refused_rows",
    auth=None,
    openapi_extra=described(
        ImportOut, body=AllRowsIn, status=202, refusals=(404,), example={"code": "unknown_sku"}, **_SENT
    ),
)  # fmt: skip
def post_retry_all(request: HttpRequest, import_id: int) -> HttpResponse:
    """Send all orders that came back again as they are, or those of one reason. A worker does it: follow the import."""
    code = read_body(request, _ALL).code
    if code and code not in REASONS:
        raise NoSuchReason(code=code.replace("\x00", ""))

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        send_rows_later(ORDERS, merchant_id=key.merchant_id, run_id=known_id(import_id), reason=code, actor=actor)
        return 202, import_told(key, import_id)

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/imports/{int:import_id}/refused/set-aside",
    operation_id="set_refused_rows_aside",
    auth=None,
    openapi_extra=described(
        SentListOut, body=OrderRowsListIn, refusals=(404,), example={"order_rows": [3, 7]}, **_SENT
    ),
)  # fmt: skip
def post_aside(request: HttpRequest, import_id: int) -> HttpResponse:
    """Say that orders that came back are not to be sent: set_aside, or refused where none is to be corrected there."""
    return _put(request, import_id, back=False)


@router.post(
    "/imports/{int:import_id}/refused/take-up",
    operation_id="take_refused_rows_up",
    auth=None,
    openapi_extra=described(
        SentListOut, body=OrderRowsListIn, refusals=(404,), example={"order_rows": [3, 7]}, **_SENT
    ),
)  # fmt: skip
def post_take_up(request: HttpRequest, import_id: int) -> HttpResponse:
    """Take up orders again that were set aside: taken_up, or refused where none was."""
    return _put(request, import_id, back=True)


def _put(request: HttpRequest, import_id: int, *, back: bool) -> HttpResponse:
    order_rows = list(dict.fromkeys(read_body(request, _ORDERS).order_rows))

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        run_id = known_id(import_id)
        done = set_rows_aside(ORDERS, order_rows, merchant_id=key.merchant_id, run_id=run_id, back=back, actor=actor)
        became = Sent("taken_up" if back else "set_aside")
        return 200, _all_told({row: became if row in done else NotThere() for row in order_rows})

    return written(request, scope=WRITE, answer=answer)
