"""The JSON doors of the floor of a node: its zones and its bins, one by one or a whole aisle."""

from dataclasses import asdict
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router, Schema
from pydantic import Field

from colisage.kit.actors import Actor
from colisage.kit.answers import (
    LARGEST,
    ResultsOut,
    Text,
    given,
    known_parameters,
    page_of,
    read_body,
    results_named,
    there,
)
from colisage.kit.described import described
from colisage.network.actions.add_bins import MOST
from colisage.network.actions.add_bins_named import BinsMade, add_bins_named
from colisage.network.actions.add_zones_named import add_zones_named
from colisage.network.api.nodes import READ, WRITE
from colisage.network.queries.floors import floors_of
from colisage.network.queries.nodes import bins_along, free_spot, node_serving, zones_of
from colisage.network.queries.nodes_told import BinsMadeOut, FloorBinPageOut, FloorZonesOut, bins_told, zones_told
from colisage.network.rules import (
    FAR_MM,
    HIGHEST,
    LAST_BAY,
    LONGEST_BAY_MM,
    MOST_BAYS,
    MOST_GRAMS,
    MOST_LEVELS,
    MOST_MM3,
    AislePattern,
    NewBin,
    aisle_code,
    bins_of_aisle,
)
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

router = Router(tags=["nodes"])
Far = Annotated[int, Meta(ge=-FAR_MM, le=FAR_MM)]
Room = Annotated[int, Meta(ge=1, le=MOST_MM3)]
Bears = Annotated[int, Meta(ge=1, le=MOST_GRAMS)]
ZoneCode = Annotated[str, Meta(min_length=1, max_length=20)]


class FloorBinsAsked(Schema):
    """What a list of bins is narrowed to: how their codes begin, and their zone."""

    code: Text | None = None
    zone: Text | None = None
    page: int | None = Field(None, ge=1, le=LARGEST)
    limit: int = Field(50, ge=1, le=200)


class NewZoneIn(Struct, forbid_unknown_fields=True, frozen=True):
    """A zone, and what it is for."""

    code: ZoneCode
    kind: Literal["storage", "dock", "bench", "handover", "returns", "quarantine"] = "storage"


class NewZonesIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Zones, each judged by itself."""

    zones: Annotated[list[NewZoneIn], Meta(min_length=1, max_length=100)]


class NewBinIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A bin: where it stands on the plan, from the packing bench, and what it holds and bears if that is known."""

    code: Annotated[str, Meta(min_length=1, max_length=30)]
    x_mm: Far
    y_mm: Far
    level: Annotated[int, Meta(ge=1, le=HIGHEST)] = 1
    volume_mm3: Room | None = None
    max_grams: Bears | None = None


class NewBinsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Bins in a storage zone, in the order of the walk."""

    zone: ZoneCode
    bins: Annotated[list[NewBinIn], Meta(min_length=1, max_length=MOST)]


class AisleIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """An aisle by its pattern: bays from `first_bay` on, `bay_mm` from one to the next, each of so many levels.

    Without `x_mm` and `y_mm` it stands beside the last one. The walk may enter it by its last bay.
    """

    zone: ZoneCode
    aisle: Annotated[str, Meta(min_length=1, max_length=6)]
    bays: Annotated[int, Meta(ge=1, le=MOST_BAYS)]
    levels: Annotated[int, Meta(ge=1, le=MOST_LEVELS)]
    bay_mm: Annotated[int, Meta(ge=1, le=LONGEST_BAY_MM)]
    x_mm: Far | None = None
    y_mm: Far | None = None
    along: Literal["x", "y"] = "y"
    first_bay: Annotated[int, Meta(ge=0, le=LAST_BAY)] = 1
    from_far_end: bool = False
    volume_mm3: Room | None = None
    max_grams: Bears | None = None


_ZONES: Final = msgspec.json.Decoder(NewZonesIn)
_BINS: Final = msgspec.json.Decoder(NewBinsIn)
_AISLE: Final = msgspec.json.Decoder(AisleIn)


@router.get(
    "/nodes/{node}/zones",
    operation_id="list_zones",
    auth=None,
    openapi_extra=described(FloorZonesOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def list_zones(request: HttpRequest, node: str) -> HttpResponse:
    """List the zones of a node, storage first."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, zones_told(zones_of(there(node_serving(key.merchant_id, code=node)).pk)))


@router.post(
    "/nodes/{node}/zones",
    operation_id="add_zones",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=NewZonesIn,
        scope=WRITE,
        refusals=(403, 404),
        headers=("Idempotency-Key",),
        example={"zones": [{"code": "COLD", "kind": "storage"}]},
    ),
)
def post_zones(request: HttpRequest, node: str) -> HttpResponse:
    """Add zones to a node, each judged by itself: `added` or `refused`.

    A storage zone waits for its bins, any other is one spot.

    In a warehouse that works for others too its operator decides (`not_your_floor`).
    """
    sent = read_body(request, _ZONES).zones

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        zones = [(one.code, one.kind) for one in sent]
        became = add_zones_named(key.merchant_id, zones, node=node, actor=actor)
        return 200, results_named([one.code for one in sent], became, done="added")

    return written(request, scope=WRITE, answer=answer)


@router.get(
    "/nodes/{node}/bins",
    operation_id="list_bins",
    auth=None,
    openapi_extra=described(FloorBinPageOut, scope=READ, refusals=(403, 404), headers=("If-None-Match",)),
)
def list_bins(request: HttpRequest, node: str, asked: Query[FloorBinsAsked]) -> HttpResponse:
    """List the bins of a node whose warehouse works for you alone, as they were made."""
    known_parameters(request, FloorBinsAsked)
    with behind_key(request, scope=READ) as key:
        at = floors_of(key.merchant_id).called(node)
        rows = bins_along(
            at.node_id, begins=asked.code or "", zone=asked.zone or "", after=asked.page or 0, size=asked.limit
        )
        shown, last = page_of(rows, limit=asked.limit)
        return given(request, FloorBinPageOut(items=bins_told(shown), next=last.pk if last else None))


@router.post(
    "/nodes/{node}/bins",
    operation_id="add_bins",
    auth=None,
    openapi_extra=described(
        BinsMadeOut,
        body=NewBinsIn,
        scope=WRITE,
        status=201,
        refusals=(403, 404, 409),
        headers=("Idempotency-Key",),
        example={"zone": "A", "bins": [{"code": "A-09-1", "x_mm": 2000, "y_mm": 11600, "max_grams": 120000}]},
    ),
)
def post_bins(request: HttpRequest, node: str) -> HttpResponse:
    """Add bins to a storage zone, all or none: codes and spots that are taken are refused (409).

    Along the walk they come after the last bin of the node, in the order in which they are sent.
    """
    sent = read_body(request, _BINS)
    bins = [NewBin(**msgspec.structs.asdict(one)) for one in sent.bins]

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        made = add_bins_named(key.merchant_id, bins, node=node, zone=sent.zone, actor=actor)
        return 201, _made(made)

    return written(request, scope=WRITE, answer=answer)


def _made(made: BinsMade) -> BinsMadeOut:
    return BinsMadeOut(bins=made.count, first=made.first, last=made.last)


@router.post(
    "/nodes/{node}/aisles",
    operation_id="add_aisle",
    auth=None,
    openapi_extra=described(
        BinsMadeOut,
        body=AisleIn,
        scope=WRITE,
        status=201,
        refusals=(403, 404, 409),
        headers=("Idempotency-Key",),
        example={"zone": "A", "aisle": "D", "bays": 10, "levels": 4, "bay_mm": 1200},
    ),
)
def post_aisle(request: HttpRequest, node: str) -> HttpResponse:
    """Add a whole aisle to a storage zone by its pattern, all of its bins or none."""
    sent = read_body(request, _AISLE)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        at = floors_of(key.merchant_id).called(node)
        told = {name: said for name, said in msgspec.structs.asdict(sent).items() if name != "zone"}
        spot = {name: said for name, said in asdict(free_spot(at.node_id)).items() if told[name] is None}
        bins = bins_of_aisle(AislePattern(**{**told, **spot, "aisle": aisle_code(sent.aisle)}))
        return 201, _made(add_bins_named(key.merchant_id, bins, node=node, zone=sent.zone, actor=actor))

    return written(request, scope=WRITE, answer=answer)
