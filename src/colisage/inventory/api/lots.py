"""The JSON doors of lots and serial numbers: read, held, recalled and freed, their dates corrected."""

import re
from datetime import date
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router, Schema
from pydantic import Field

from colisage.catalog.queries import skus_by_code
from colisage.inventory.actions.correct_expiry import correct_expiry
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.api.stock import CORRECTING, SCOPE, BadPage
from colisage.inventory.queries.lots import LotRow, Wanted, lots_by_id, lots_page, place_in_list
from colisage.kit.actors import Actor
from colisage.kit.answers import Ids, Text, given, known_id, known_parameters, page_of, read_body, there
from colisage.kit.described import described
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

router = Router(tags=["lots"])
Status = Literal["approved", "quarantined", "recalled", "expired"]
Reason = Annotated[str, Meta(min_length=1, max_length=200)]
_PAGE: Final = re.compile(r"(\d{4}-\d\d-\d\d)? (\d{1,18})", re.ASCII)


class LotsAsked(Schema):
    """What a list of lots is narrowed to: `text` is how the code of a lot begins, or a SKU; `serials`: their numbers.

    With `expires_by` the soonest to expire come first.
    """

    sku: Text | None = None
    text: Text | None = None
    status: Status | None = None
    expires_by: date | None = None
    serials: bool = False
    page: Text | None = None
    limit: int = Field(50, ge=1, le=200)


class LotOut(Struct, frozen=True, kw_only=True):
    """A lot, or a serial number, with the units of it in the house. Where they lie says `list_stock_cells`."""

    id: int
    sku: str
    name: str
    lot: str
    serial: bool
    status: str
    made_on: date | None
    expires_on: date | None
    on_hand: int
    sellable: int


class LotPageOut(Struct, frozen=True, kw_only=True):
    """A page of lots, the newest first (or the soonest to expire); `next` is the `page` that follows."""

    items: list[LotOut]
    next: str | None


class LotStatusIn(Struct, forbid_unknown_fields=True, frozen=True):
    """What may be done with lots from now on, and why, in words."""

    lots: Ids
    status: Status
    reason: Reason


class LotsTurnedOut(Struct, frozen=True, kw_only=True):
    """How many units changed their condition, and the lots as they are now."""

    units: int
    lots: list[LotOut]


class ExpiryIn(Struct, forbid_unknown_fields=True, frozen=True):
    """The right date of a lot (null: none), and why it is another, in words."""

    expires_on: date | None
    reason: Reason


_STATUS: Final = msgspec.json.Decoder(LotStatusIn)
_EXPIRY: Final = msgspec.json.Decoder(ExpiryIn)


def _lot(row: LotRow) -> LotOut:
    lot = row.lot
    return LotOut(
        id=lot.id, sku=lot.sku_code, name=lot.sku_name, lot=lot.code, serial=lot.is_serial, status=lot.status,
        made_on=lot.made_on, expires_on=lot.expires_on, on_hand=row.on_hand, sellable=row.sellable,
    )  # fmt: skip


def _told(key: Key, lot_id: int) -> LotOut:
    found = lots_by_id([key.merchant_id], lot_ids=[known_id(lot_id)])
    return _lot(there(found[0] if found else None))


@router.get(
    "/stock/lots",
    operation_id="list_lots",
    auth=None,
    openapi_extra=described(LotPageOut, scope=SCOPE, refusals=(404,), headers=("If-None-Match",)),
)
def list_lots(request: HttpRequest, asked: Query[LotsAsked]) -> HttpResponse:
    """List lots, or serial numbers, with the units of them in the house."""
    known_parameters(request, LotsAsked)
    _known_page(asked.page or "")
    with behind_key(request, scope=SCOPE) as key:
        sku = there(skus_by_code(key.merchant_id, codes=[asked.sku]).get(asked.sku.upper())) if asked.sku else None
        wanted = Wanted(
            text=(asked.text or "").strip(), status=asked.status or "", until=asked.expires_by, serials=asked.serials,
            sku_id=sku.id if sku else None,
        )  # fmt: skip
        found = lots_page([key.merchant_id], wanted=wanted, after=asked.page or "", size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        following = place_in_list(last.lot) if last else None
        return given(request, LotPageOut(items=[_lot(row) for row in shown], next=following))


def _known_page(text: str) -> None:
    """Refuse a page that we did not give: a day, or none, and a lot."""
    if not text:
        return
    said = _PAGE.fullmatch(text)
    try:
        if said is None or (said[1] and not date.fromisoformat(said[1])):
            raise BadPage
    except ValueError as error:
        raise BadPage from error


@router.get(
    "/stock/lots/{int:lot_id}",
    operation_id="get_lot",
    auth=None,
    openapi_extra=described(LotOut, scope=SCOPE, refusals=(404,), headers=("If-None-Match",)),
)
def get_lot(request: HttpRequest, lot_id: int) -> HttpResponse:
    """Give a lot."""
    known_parameters(request)
    with behind_key(request, scope=SCOPE) as key:
        return given(request, _told(key, lot_id))


@router.post(
    "/stock/lots/status",
    operation_id="set_lot_status",
    auth=None,
    openapi_extra=described(
        LotsTurnedOut,
        body=LotStatusIn,
        scope=CORRECTING,
        refusals=(403, 404, 409),
        headers=("Idempotency-Key",),
        example={"lots": [311, 312], "status": "recalled", "reason": "Glaze contains lead, notice 2026-11"},
    ),
)
def post_status(request: HttpRequest) -> HttpResponse:
    """Hold (`quarantined`), recall, expire or free (`approved`) lots everywhere at once: all of them, or none.

    Their units can no longer be sold or picked; what was promised of them is owed. Only a person ends a recall.
    """
    sent = read_body(request, _STATUS)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        units = set_lot_status(key.merchant_id, lot_ids=sent.lots, status=sent.status, reason=sent.reason, actor=actor)
        now = lots_by_id([key.merchant_id], lot_ids=sent.lots)
        return 200, LotsTurnedOut(units=units, lots=[_lot(row) for row in now])

    return written(request, scope=CORRECTING, answer=answer)


@router.post(
    "/stock/lots/{int:lot_id}/expiry",
    operation_id="correct_expiry",
    auth=None,
    openapi_extra=described(
        LotOut,
        body=ExpiryIn,
        scope=CORRECTING,
        refusals=(404,),
        headers=("Idempotency-Key",),
        example={"expires_on": "2027-06-30", "reason": "misread at the dock"},
    ),
)
def post_expiry(request: HttpRequest, lot_id: int) -> HttpResponse:
    """Correct the date of a lot that was read or typed wrongly. Units stay as they are until the night."""
    sent = read_body(request, _EXPIRY)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        correct_expiry(
            key.merchant_id, lot_id=known_id(lot_id), expires_on=sent.expires_on, reason=sent.reason, actor=actor
        )
        return 200, _told(key, lot_id)

    return written(request, scope=CORRECTING, answer=answer)
