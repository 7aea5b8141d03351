"""The JSON doors of licence plates: read, made, moved whole, closed."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router

from colisage.inventory.actions.close_plates_named import close_plates_named
from colisage.inventory.actions.make_plates import NotThatManyPlates, make_plates
from colisage.inventory.actions.move_plates_named import PlateMove, move_plates_named
from colisage.inventory.api.stock import CORRECTING, SCOPE
from colisage.inventory.queries.plates import plate_of, plates_page
from colisage.inventory.queries.plates_told import (
    PlatePageOut,
    WholePlateOut,
    plate_told,
    plates_told,
)
from colisage.kit.actors import Actor
from colisage.kit.answers import Paged, Text, given, known_id, known_parameters, page_of, read_body, there
from colisage.kit.described import described
from colisage.kit.errors import Refused
from colisage.people.queries import Key, own_operators
from colisage.people.queries.doors import behind_key, written

MOST: Final = 200
router = Router(tags=["plates"])
Code = Annotated[str, Meta(min_length=1, max_length=30)]


class PlatesAsked(Paged):
    """What a list of plates is narrowed to; `text` is how a code begins. `full` are open, with something on them."""

    text: Text | None = None
    state: Literal["open", "full", "closed"] | None = None


class NewPlatesIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """New plates: a `count` of them with numbers that nothing else has, or with the `codes` that pallets came with.

    `sscc`: numbers for plates that leave the house.
    """

    count: Annotated[int, Meta(ge=0, le=MOST)] = 0
    kind: Literal["plate", "sscc"] = "plate"
    codes: Annotated[list[Code], Meta(max_length=MOST)] = []


class NewPlateOut(Struct, frozen=True, kw_only=True):
    """A plate that was made."""

    id: int
    code: str


class NewPlatesOut(Struct, frozen=True, kw_only=True):
    """The plates that were made."""

    items: list[NewPlateOut]


class PlateMoveIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A plate with all that is on it, by its code: into a `bin` of its node, `onto` another plate, or `off` it."""

    plate: Code
    bin: Annotated[str, Meta(max_length=30)] = ""
    onto: Annotated[str, Meta(max_length=30)] = ""
    off: bool = False


class PlateMovesIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Moves of plates, each judged by itself, one after another."""

    moves: Annotated[list[PlateMoveIn], Meta(min_length=1, max_length=100)]


class PlateCodesIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Plates, by their codes."""

    plates: Annotated[list[Code], Meta(min_length=1, max_length=MOST)]


class PlateDoneOut(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a plate: how many units went with it, or a stable `code` and a sentence."""

    outcome: str
    plate: str
    units: int = 0
    code: str = ""
    detail: str = ""


class PlateResultsOut(Struct, frozen=True, kw_only=True):
    """What became of each, in the order in which they were sent."""

    results: list[PlateDoneOut]


_NEW: Final = msgspec.json.Decoder(NewPlatesIn)
_MOVES: Final = msgspec.json.Decoder(PlateMovesIn)
_CODES: Final = msgspec.json.Decoder(PlateCodesIn)


@router.get(
    "/stock/plates",
    operation_id="list_plates",
    auth=None,
    openapi_extra=described(PlatePageOut, scope=SCOPE, headers=("If-None-Match",)),
)
def list_plates(request: HttpRequest, asked: Query[PlatesAsked]) -> HttpResponse:
    """List plates, the newest first: those that are open, unless others are asked for."""
    known_parameters(request, PlatesAsked)
    with behind_key(request, scope=SCOPE) as key:
        found = plates_page(
            [key.merchant_id], text=asked.text or "", state=asked.state or "", after=str(asked.page or ""),
            size=asked.limit,
        )  # fmt: skip
        shown, last = page_of(found, limit=asked.limit)
        return given(request, PlatePageOut(items=plates_told(shown), next=last.id if last else None))


@router.get(
    "/stock/plates/{int:plate_id}",
    operation_id="get_plate",
    auth=None,
    openapi_extra=described(WholePlateOut, scope=SCOPE, refusals=(404,), headers=("If-None-Match",)),
)
def get_plate(request: HttpRequest, plate_id: int) -> HttpResponse:
    """Give a plate with all that stands on it, and where."""
    known_parameters(request)
    with behind_key(request, scope=SCOPE) as key:
        return given(request, plate_told(there(plate_of([key.merchant_id], plate_id=known_id(plate_id)))))


@router.post(
    "/stock/plates",
    operation_id="make_plates",
    auth=None,
    openapi_extra=described(
        NewPlatesOut,
        body=NewPlatesIn,
        scope=CORRECTING,
        status=201,
        refusals=(409,),
        headers=("Idempotency-Key",),
        example={"count": 10},
    ),
)
def post_plates(request: HttpRequest) -> HttpResponse:
    """Make plates, all of them or none; nothing is on them yet. Units go onto one with `move_stock`."""
    sent = read_body(request, _NEW)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        if sent.count and sent.codes:
            raise NotThatManyPlates(most=MOST)
        made = make_plates(
            key.merchant_id, count=sent.count, codes=sent.codes, kind=sent.kind,
            operator_id=next(iter(own_operators(key.merchant_id)), None), actor=actor,
        )  # fmt: skip
        return 201, NewPlatesOut(items=[NewPlateOut(id=pk, code=code) for pk, code in made])

    return written(request, scope=CORRECTING, answer=answer)


@router.post(
    "/stock/plates/move",
    operation_id="move_plates",
    auth=None,
    openapi_extra=described(
        PlateResultsOut,
        body=PlateMovesIn,
        scope=CORRECTING,
        headers=("Idempotency-Key",),
        example={"moves": [{"plate": "P-0000012", "bin": "R-02-1"}, {"plate": "P-0000013", "onto": "P-0000014"}]},
    ),
)
def post_moves(request: HttpRequest) -> HttpResponse:
    """Move plates whole, put them on others or take them off, each judged by itself: `moved` or `refused`.

    A plate that is moved into a bin is taken off the one it stood on. One for whose units a picker was sent stays.
    """
    sent = read_body(request, _MOVES).moves

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        moves = [PlateMove(plate=one.plate, bin=one.bin, onto=one.onto, off=one.off) for one in sent]
        became = move_plates_named(key.merchant_id, moves, actor=actor)
        return 200, _results([one.plate for one in sent], became, done="moved")

    return written(request, scope=CORRECTING, answer=answer)


@router.post(
    "/stock/plates/close",
    operation_id="close_plates",
    auth=None,
    openapi_extra=described(
        PlateResultsOut,
        body=PlateCodesIn,
        scope=CORRECTING,
        headers=("Idempotency-Key",),
        example={"plates": ["P-0000012"]},
    ),
)
def post_closed(request: HttpRequest) -> HttpResponse:
    """Close empty plates, each judged by itself: `closed` (again is harmless) or `refused`.

    Their codes are never used again.
    """
    codes = read_body(request, _CODES).plates

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 200, _results(codes, close_plates_named(key.merchant_id, codes, actor=actor), done="closed")

    return written(request, scope=CORRECTING, answer=answer)


def _results(plates: Sequence[str], became: Sequence[Refused | int], *, done: str) -> PlateResultsOut:
    return PlateResultsOut(
        results=[
            PlateDoneOut(outcome="refused", plate=plate, code=one.code, detail=str(one))
            if isinstance(one, Refused)
            else PlateDoneOut(outcome=done, plate=plate, units=one if done == "moved" else 0)
            for plate, one in zip(plates, became, strict=True)
        ]
    )
