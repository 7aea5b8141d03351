"""The JSON doors of packagings: read, added, changed, put out of use."""

from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router, Schema
from pydantic import Field

from colisage.boxing.actions.add_boxes_named import add_boxes_named
from colisage.boxing.actions.change_box_type import change_box_type
from colisage.boxing.actions.use_boxes import use_boxes
from colisage.boxing.models import BoxType
from colisage.boxing.queries import box_type_of, box_types_page
from colisage.boxing.rules import HEAVIEST_GRAMS, LONGEST_MM, MOST_CENTS, BoxRow
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    Id,
    ResultsOut,
    Text,
    expect,
    given,
    known_id,
    known_parameters,
    page_of,
    read_body,
    results_named,
    results_of,
    there,
)
from colisage.kit.described import described
from colisage.people.queries import Key, own_operators
from colisage.people.queries.doors import behind_key, written

READ: Final = "network:read"
WRITE: Final = "nodes:write"
router = Router(tags=["packagings"])
Side = Annotated[int, Meta(ge=1, le=LONGEST_MM)]


class PackagingsAsked(Schema):
    """Packagings in use, out of use, or (when it is not said) both."""

    active: bool | None = None
    page: Text | None = None
    limit: int = Field(50, ge=1, le=200)


class PackagingIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A packaging: what goes in, what it takes up, what it weighs empty and at most with its contents, what it costs.

    Its cost is in the currency of the warehouse.
    """

    code: Annotated[str, Meta(max_length=20, pattern=r"\S")]
    name: Annotated[str, Meta(max_length=80, pattern=r"\S")]
    kind: Literal["box", "mailer", "tube"] = "box"
    inner_length_mm: Side
    inner_width_mm: Side
    inner_height_mm: Side
    outer_length_mm: Side
    outer_width_mm: Side
    outer_height_mm: Side
    empty_grams: Annotated[int, Meta(ge=0, le=HEAVIEST_GRAMS)]
    max_grams: Annotated[int, Meta(ge=1, le=HEAVIEST_GRAMS)]
    cost_cents: Annotated[int, Meta(ge=0, le=MOST_CENTS)] = 0

    def row(self) -> BoxRow:
        """Give the packaging that was sent."""
        told = msgspec.structs.asdict(self)
        return BoxRow(**{**told, "code": self.code.strip(), "name": self.name.strip()})


class PackagingsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Packagings of one operator, each judged by itself; its short name, where several work for you alone."""

    packagings: Annotated[list[PackagingIn], Meta(min_length=1, max_length=100)]
    operator: Annotated[str, Meta(max_length=50)] = ""


class PackagingUseIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Whether parcels are packed in a packaging from now on."""

    id: Id
    on: bool


class PackagingUsesIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Packagings to use or to leave, each judged by itself."""

    packagings: Annotated[list[PackagingUseIn], Meta(min_length=1, max_length=200)]


class PackagingOut(Struct, frozen=True, kw_only=True):
    """A packaging; parcels are planned with those that are `active`. `operator` is the short name of whose it is."""

    id: int
    operator: str
    code: str
    name: str
    kind: str
    inner_length_mm: int
    inner_width_mm: int
    inner_height_mm: int
    outer_length_mm: int
    outer_width_mm: int
    outer_height_mm: int
    empty_grams: int
    max_grams: int
    cost_cents: int
    active: bool


class PackagingPageOut(Struct, frozen=True, kw_only=True):
    """A page of packagings by code; `next` is the `page` that follows, null on the last."""

    items: list[PackagingOut]
    next: str | None


_NEW: Final = msgspec.json.Decoder(PackagingsIn)
_CHANGE: Final = msgspec.json.Decoder(PackagingIn)
_USES: Final = msgspec.json.Decoder(PackagingUsesIn)
_EXAMPLE: Final = {
    "code": "C3", "name": "Medium box", "inner_length_mm": 300, "inner_width_mm": 200, "inner_height_mm": 120,
    "outer_length_mm": 308, "outer_width_mm": 208, "outer_height_mm": 130, "empty_grams": 180, "max_grams": 15_000,
    "cost_cents": 42,
}  # fmt: skip


def _told(box: BoxType) -> PackagingOut:
    plain = set(PackagingOut.__struct_fields__) - {"id", "operator"}
    return PackagingOut(id=box.pk, operator=box.operator.slug, **{name: getattr(box, name) for name in plain})


def _found(key: Key, pk: int, *, locked: bool = False) -> BoxType:
    return there(box_type_of(own_operators(key.merchant_id), box_type_id=known_id(pk), locked=locked))


@router.get(
    "/packagings",
    operation_id="list_packagings",
    auth=None,
    openapi_extra=described(PackagingPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_packagings(request: HttpRequest, asked: Query[PackagingsAsked]) -> HttpResponse:
    """List the packagings of warehouses that work for you alone, by code."""
    known_parameters(request, PackagingsAsked)
    with behind_key(request, scope=READ) as key:
        found = box_types_page(
            own_operators(key.merchant_id), active=asked.active, after=asked.page or "", size=asked.limit
        )
        shown, last = page_of(found, limit=asked.limit)
        told = [_told(box) for box in shown]
        return given(request, PackagingPageOut(items=told, next=f"{last.code} {last.pk}" if last else None))


@router.get(
    "/packagings/{int:packaging_id}",
    operation_id="get_packaging",
    auth=None,
    openapi_extra=described(PackagingOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_packaging(request: HttpRequest, packaging_id: int) -> HttpResponse:
    """Give a packaging."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _told(_found(key, packaging_id)))


@router.post(
    "/packagings",
    operation_id="add_packagings",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=PackagingsIn,
        scope=WRITE,
        refusals=(403,),
        headers=("Idempotency-Key",),
        example={"packagings": [_EXAMPLE]},
    ),
)
def post_packagings(request: HttpRequest) -> HttpResponse:
    """Add packagings, each judged by itself: `added` or `refused`. Parcels are planned with them from now on.

    In a warehouse that works for others too its operator decides (`not_your_floor`).
    """
    sent = read_body(request, _NEW)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        boxes = [one.row() for one in sent.packagings]
        became = add_boxes_named(key.merchant_id, boxes, operator=sent.operator, actor=actor)
        return 200, results_named([box.code for box in boxes], became, done="added")

    return written(request, scope=WRITE, answer=answer)


@router.put(
    "/packagings/{int:packaging_id}",
    operation_id="replace_packaging",
    auth=None,
    openapi_extra=described(
        PackagingOut,
        body=PackagingIn,
        scope=WRITE,
        refusals=(404, 409, 412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example=_EXAMPLE,
    ),
)
def put_packaging(request: HttpRequest, packaging_id: int) -> HttpResponse:
    """Replace a packaging, if it still is as it was read (`If-Match`). Parcels already planned keep its sizes."""
    sent = read_body(request, _CHANGE)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        found = _found(key, packaging_id, locked=True)
        expect(request, _told(found))
        change_box_type(found.operator_id, box_type_id=found.pk, box=sent.row(), actor=actor)
        return 200, _told(_found(key, packaging_id))

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/packagings/use",
    operation_id="use_packagings",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=PackagingUsesIn,
        scope=WRITE,
        headers=("Idempotency-Key",),
        example={"packagings": [{"id": 1, "on": False}]},
    ),
)
def post_uses(request: HttpRequest) -> HttpResponse:
    """Use packagings from now on, or no more, each judged by itself: `set`, `unchanged` or `refused`.

    Parcels already planned keep theirs.
    """
    said = {one.id: one.on for one in read_body(request, _USES).packagings}

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 200, results_of(list(said), use_boxes(key.merchant_id, said, actor=actor), done="set")

    return written(request, scope=WRITE, answer=answer)
