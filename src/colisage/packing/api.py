"""The JSON doors of packing: what is to pack, what goes in, boxes, weights, slips."""

from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router, Schema
from pydantic import Field

from colisage.kit.actors import Actor
from colisage.kit.answers import (
    LARGEST,
    Id,
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
from colisage.kit.errors import Malformed
from colisage.packing.actions.change_box import change_box
from colisage.packing.actions.count_line import count_line
from colisage.packing.actions.scan_item import scan_item
from colisage.packing.actions.seal_each import Closed, seal_each
from colisage.packing.actions.seal_parcels import Seal
from colisage.packing.models import Parcel
from colisage.packing.queries import box_called, cursor_of, other_boxes, parcel_of, read_cursor, slip_pdf, to_pack
from colisage.packing.queries.told import (
    BoxChoiceOut,
    BoxChoicesOut,
    BoxedOut,
    BoxedPageOut,
    parcels_of_order,
    parcels_told,
)
from colisage.people.queries import Key, Unauthorized
from colisage.people.queries.doors import behind_key, written

READ: Final = "floor:read"
WRITE: Final = "floor:write"
CUSTOMERS: Final = "customers:read"
PDF: Final = "application/pdf"
router = Router(tags=["floor"])


class ParcelsAsked(Schema):
    """Which parcels: those to pack, or all of an order, by its id."""

    order: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    page: Text | None = None
    limit: int = Field(50, ge=1, le=200)


class ClosedIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A parcel that was closed, with what the scale shows.

    `checked`: all that goes in was checked elsewhere. `sure`: the weight is right, though the contents do not explain
    it.
    """

    id: Id
    grams: Annotated[int, Meta(ge=1, le=2_000_000)]
    checked: bool = False
    sure: bool = False


class ParcelsClosedIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Parcels that were closed."""

    parcels: Annotated[list[ClosedIn], Meta(min_length=1, max_length=200)]


class CheckedIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What was checked into a parcel: an item by its code as it was scanned, or a whole line that was counted."""

    code: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    line: Id | None = None


class BoxIn(Struct, forbid_unknown_fields=True, frozen=True):
    """A packaging, by its code."""

    box: Annotated[str, Meta(min_length=1, max_length=20)]


_CLOSED: Final = msgspec.json.Decoder(ParcelsClosedIn)
_CHECK: Final = msgspec.json.Decoder(CheckedIn)
_BOX: Final = msgspec.json.Decoder(BoxIn)
_READ: Final[dict[str, Any]] = {"scope": READ, "headers": ("If-None-Match",)}
_SENT: Final[dict[str, Any]] = {"scope": WRITE, "refusals": (404, 409), "headers": ("Idempotency-Key",)}


def _found(key: Key, parcel_id: int) -> Parcel:
    return there(parcel_of([key.merchant_id], parcel_id=known_id(parcel_id)))


@router.get("/parcels", operation_id="list_parcels", auth=None, openapi_extra=described(BoxedPageOut, **_READ))
def list_parcels(request: HttpRequest, asked: Query[ParcelsAsked]) -> HttpResponse:
    """List the parcels to pack, the next to leave first; with an `order`, all of its parcels, closed ones too."""
    known_parameters(request, ParcelsAsked)
    with behind_key(request, scope=READ) as key:
        if asked.order is not None:
            ids, last = parcels_of_order(key.merchant_id, order_id=asked.order), None
        else:
            rows = to_pack([key.merchant_id], after=read_cursor(asked.page or ""), size=asked.limit + 1)
            shown, last = page_of(rows, limit=asked.limit)
            ids = [row.id for row in shown]
        items = parcels_told(key.merchant_id, ids)
        return given(request, BoxedPageOut(items=items, next=cursor_of(last) if last else None))


@router.get(
    "/parcels/{int:parcel_id}",
    operation_id="get_parcel",
    auth=None,
    openapi_extra=described(BoxedOut, refusals=(404,), **_READ),
)
def get_parcel(request: HttpRequest, parcel_id: int) -> HttpResponse:
    """Give a parcel: what goes in, into which box, what it should weigh."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, parcels_told(key.merchant_id, [_found(key, parcel_id).pk])[0])


@router.get(
    "/parcels/{int:parcel_id}/boxes",
    operation_id="list_fitting_boxes",
    auth=None,
    openapi_extra=described(BoxChoicesOut, refusals=(404,), **_READ),
)
def list_boxes(request: HttpRequest, parcel_id: int) -> HttpResponse:
    """List the warehouse's other packagings into which all of a parcel goes, the smallest first."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        items = [
            BoxChoiceOut(
                code=one.code, name=one.name, length_mm=one.sides[0], width_mm=one.sides[1], height_mm=one.sides[2],
                expected_grams=one.grams,
            )
            for one in other_boxes(_found(key, parcel_id))
        ]  # fmt: skip
        return given(request, BoxChoicesOut(items=items))


@router.get(
    "/parcels/{int:parcel_id}/slip.pdf",
    operation_id="get_packing_slip",
    auth=None,
    openapi_extra=described(scope=READ, refusals=(404,), gives=(PDF,)),
)
def get_slip(request: HttpRequest, parcel_id: int) -> HttpResponse:
    """Give the slip that goes into a parcel, in the customer's language. Needs `customers:read`, too."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        if CUSTOMERS not in key.scopes:
            raise Unauthorized(scope=CUSTOMERS)
        found = _found(key, parcel_id)
        there(None if found.state == "void" else found)
        content = slip_pdf([key.merchant_id], parcel_ids=[found.pk])
        name = f'attachment; filename="slip-{found.pk}.pdf"'
        return HttpResponse(content, content_type=PDF, headers={"Content-Disposition": name})


@router.post(
    "/parcels/seal",
    operation_id="seal_parcels",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=ParcelsClosedIn,
        scope=WRITE,
        headers=("Idempotency-Key",),
        example={"parcels": [{"id": 408, "grams": 812, "checked": True}]},
    ),
)
def post_seal(request: HttpRequest) -> HttpResponse:
    """Say that parcels were closed, with their weights: each is `sealed`, `unchanged` (it was before) or `refused`.

    `wrong_weight`: the contents do not explain it; look inside, then say `sure`. When all parcels of a fulfilment order
    are closed it is packed, and labels are asked for.
    """
    sent = read_body(request, _CLOSED).parcels
    closed = [Closed(Seal(one.id, one.grams, sure=one.sure), checked=one.checked) for one in sent]

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = seal_each(key.merchant_id, closed, actor=actor)
        return 200, results_of([one.id for one in sent], became, done="sealed")

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/parcels/{int:parcel_id}/check",
    operation_id="check_parcel",
    auth=None,
    openapi_extra=described(BoxedOut, body=CheckedIn, example={"code": "3760001900019"}, **_SENT),
)
def post_check(request: HttpRequest, parcel_id: int) -> HttpResponse:
    """Check an item into an open parcel by its scanned code, or a `line` that was counted; give the parcel then.

    What does not belong in is refused (422): `not_in_this_parcel`, `enough_of_it`, `not_this_lot`. Send an
    `Idempotency-Key`: the same code twice is two items.
    """
    sent = read_body(request, _CHECK)
    if (sent.code is None) == (sent.line is None):
        raise Malformed

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        found = _found(key, parcel_id)
        if sent.line is not None:
            count_line([key.merchant_id], parcel_id=found.pk, line_id=sent.line, actor=actor)
        else:
            scan_item([key.merchant_id], parcel_id=found.pk, code=sent.code or "", actor=actor)
        return 200, parcels_told(key.merchant_id, [found.pk])[0]

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/parcels/{int:parcel_id}/box",
    operation_id="change_parcel_box",
    auth=None,
    openapi_extra=described(BoxedOut, body=BoxIn, example={"box": "C3"}, **_SENT),
)
def post_box(request: HttpRequest, parcel_id: int) -> HttpResponse:
    """Take another packaging of the warehouse for an open parcel, if all of it goes in (else 409, `does_not_fit`)."""
    sent = read_body(request, _BOX)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        found = _found(key, parcel_id)
        box = there(box_called(found, code=sent.box))
        change_box([key.merchant_id], parcel_id=found.pk, box_type_id=box, actor=actor)
        return 200, parcels_told(key.merchant_id, [found.pk])[0]

    return written(request, scope=WRITE, answer=answer)
