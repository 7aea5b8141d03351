"""The JSON doors of put-away: what stands on docks and where it should go, put there, plates whole or taken apart."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import msgspec
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from colisage.inbound.actions.put_away_each import PutAway, ToPutAway, put_away_each
from colisage.inbound.actions.put_plates_away import put_plates_away
from colisage.inbound.actions.unload_plates import unload_plates
from colisage.inbound.api.dock import DOCK
from colisage.inbound.queries.dock import dock_page
from colisage.inbound.queries.plated import plates_on_dock
from colisage.inbound.queries.standing_told import (
    StandingPageOut,
    StandingPlatePageOut,
    plates_standing_told,
    standing_told,
)
from colisage.kit.actors import Actor
from colisage.kit.answers import Id, Text, given, known_parameters, read_body, there
from colisage.kit.described import described
from colisage.kit.errors import Refused
from colisage.network.queries import nodes_serving
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "inbound:read"
router = Router(tags=["putaway"])
Page = Annotated[str, StringConstraints(pattern=r"^w?[0-9]{1,18}$")]
Code = Annotated[str, Meta(min_length=1, max_length=30)]
Maybe = Annotated[str, Meta(max_length=30)]


class DockAsked(Schema):
    """Which page of what stands on docks: `page` is the `next` of the page before."""

    page: Page | None = None
    limit: int = Field(50, ge=1, le=100)


class StandingAsked(DockAsked):
    """What a list of what stands on docks is narrowed to: a node, by its code."""

    node: Text | None = None


class ToPutAwayIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Units of a receipt (left out: all that stand loose), into a `bin` of its node or onto a `plate` on the dock."""

    receipt: Id
    bin: Maybe = ""
    plate: Maybe = ""
    units: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None


class PuttingAwayIn(Struct, forbid_unknown_fields=True, frozen=True):
    """What is put away, each judged by itself, one after another."""

    items: Annotated[list[ToPutAwayIn], Meta(min_length=1, max_length=100)]


class PutAwayOut(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of units of a receipt, and how many of it stay loose; or a stable `code` and a sentence."""

    outcome: str
    receipt: int
    units: int = 0
    left: int | None = None
    code: str = ""
    detail: str = ""


class PuttingAwayOut(Struct, frozen=True, kw_only=True):
    """What became of each, in the order in which they were sent."""

    results: list[PutAwayOut]


class PlateAwayIn(Struct, forbid_unknown_fields=True, frozen=True):
    """A plate on the dock, by its code, and the bin of its node into which it goes whole."""

    plate: Code
    bin: Code


class PlatesAwayIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Plates that are put away whole, each judged by itself."""

    items: Annotated[list[PlateAwayIn], Meta(min_length=1, max_length=100)]


class PlatesApartIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Plates on the dock from which everything is taken, by their codes."""

    plates: Annotated[list[Code], Meta(min_length=1, max_length=100)]


class PlateAwayOut(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a plate and the units on it, or a stable `code` and a sentence."""

    outcome: str
    plate: str
    units: int = 0
    code: str = ""
    detail: str = ""


class PlatesAwayOut(Struct, frozen=True, kw_only=True):
    """What became of each, in the order in which they were sent."""

    results: list[PlateAwayOut]


_ITEMS: Final = msgspec.json.Decoder(PuttingAwayIn)
_PLATES: Final = msgspec.json.Decoder(PlatesAwayIn)
_APART: Final = msgspec.json.Decoder(PlatesApartIn)
_SENT: Final[dict[str, Any]] = {"scope": DOCK, "headers": ("Idempotency-Key",)}


@router.get(
    "/inbound/dock",
    operation_id="list_dock",
    auth=None,
    openapi_extra=described(StandingPageOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def list_dock(request: HttpRequest, asked: Query[StandingAsked]) -> HttpResponse:
    """List what stands on docks, on no plate, with the bin suggested for it and why: first what people wait for."""
    known_parameters(request, StandingAsked)
    with behind_key(request, scope=READ) as key:
        only = Q(node=_node(key, asked.node)) if asked.node else None
        page = dock_page([key.merchant_id], after=asked.page or "", size=asked.limit, only=only)
        return given(request, StandingPageOut(items=standing_told(page.receipts), next=page.next))


def _node(key: Key, code: str) -> int:
    nodes = {node.code.upper(): node.node_id for node in nodes_serving([key.merchant_id])[key.merchant_id]}
    return there(nodes.get(code.upper()))


@router.get(
    "/inbound/dock/plates",
    operation_id="list_dock_plates",
    auth=None,
    openapi_extra=described(StandingPlatePageOut, scope=READ, headers=("If-None-Match",)),
)
def list_dock_plates(request: HttpRequest, asked: Query[DockAsked]) -> HttpResponse:
    """List the plates that stand on docks, with the bin suggested for each whole, and why."""
    known_parameters(request, DockAsked)
    with behind_key(request, scope=READ) as key:
        page = plates_on_dock([key.merchant_id], after=asked.page or "", size=asked.limit)
        return given(request, StandingPlatePageOut(items=plates_standing_told(page.plates), next=page.next or None))


@router.post(
    "/inbound/put-away",
    operation_id="put_away",
    auth=None,
    openapi_extra=described(
        PuttingAwayOut,
        body=PuttingAwayIn,
        example={"items": [{"receipt": 4711, "bin": "A-01-1", "units": 12}, {"receipt": 4712, "plate": "P-0000012"}]},
        **_SENT,
    ),
)
def post_items(request: HttpRequest) -> HttpResponse:
    """Put units from the dock into bins, onto plates, or what cannot be sold into quarantine (name it as the bin).

    Each is judged by itself: `put_away`, `loaded`, `quarantined` or `refused`, as where a bin is scanned: `bin_full`,
    `wrong_storage`, `bin_frozen`, `inspection_due`, `units_held`, `too_many`. A rule that speaks against a bin
    (`against_putaway_rules`) is overridden by people alone.
    """
    sent = read_body(request, _ITEMS).items
    wanted = [ToPutAway(receipt_id=one.receipt, bin=one.bin, plate=one.plate, units=one.units) for one in sent]

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = put_away_each(key.merchant_id, wanted, actor=actor)
        return 200, PuttingAwayOut(results=[_put(one.receipt, done) for one, done in zip(sent, became, strict=True)])

    return written(request, scope=DOCK, answer=answer)


def _put(receipt: int, became: Refused | PutAway) -> PutAwayOut:
    if isinstance(became, Refused):
        return PutAwayOut(outcome="refused", receipt=receipt, code=became.code, detail=str(became))
    return PutAwayOut(outcome=became.outcome, receipt=receipt, units=became.units, left=became.left)


@router.post(
    "/inbound/put-away/plates",
    operation_id="put_plates_away",
    auth=None,
    openapi_extra=described(
        PlatesAwayOut, body=PlatesAwayIn, example={"items": [{"plate": "P-0000012", "bin": "R-02-1"}]}, **_SENT
    ),
)
def post_plates(request: HttpRequest) -> HttpResponse:
    """Put plates from the dock away whole, with all that stands on them: each `put_away` or `refused`.

    A plate with goods that cannot be sold goes to quarantine, and nowhere else (`plate_held`).
    """
    sent = read_body(request, _PLATES).items

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = put_plates_away(key.merchant_id, [(one.plate, one.bin) for one in sent], actor=actor)
        return 200, _plates([one.plate for one in sent], became, done="put_away")

    return written(request, scope=DOCK, answer=answer)


@router.post(
    "/inbound/put-away/unload",
    operation_id="unload_plates",
    auth=None,
    openapi_extra=described(PlatesAwayOut, body=PlatesApartIn, example={"plates": ["P-0000012"]}, **_SENT),
)
def post_unloaded(request: HttpRequest) -> HttpResponse:
    """Take everything off plates on the dock, to be put away one by one: each `unloaded` or `refused`."""
    codes = read_body(request, _APART).plates

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = unload_plates(key.merchant_id, codes, actor=actor)
        return 200, _plates(codes, became, done="unloaded")

    return written(request, scope=DOCK, answer=answer)


def _plates(codes: Sequence[str], became: Sequence[Refused | int], *, done: str) -> PlatesAwayOut:
    return PlatesAwayOut(
        results=[
            PlateAwayOut(outcome="refused", plate=code, code=one.code, detail=str(one))
            if isinstance(one, Refused)
            else PlateAwayOut(outcome=done, plate=code, units=one)
            for code, one in zip(codes, became, strict=True)
        ]
    )
