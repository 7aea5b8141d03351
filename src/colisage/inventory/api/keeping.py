"""The JSON doors of what is kept back: from every channel at a node, and from one channel."""

from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router
from pydantic import StringConstraints

from colisage.inventory.actions.buffer_each import Buffered, buffer_each
from colisage.inventory.actions.keep_each import Kept, keep_each
from colisage.inventory.api.stock import CORRECTING, SCOPE, UnknownChannel
from colisage.inventory.queries.channels import buffers_page
from colisage.kit.actors import Actor
from colisage.kit.answers import Paged, ResultsOut, given, known_parameters, page_of, read_body, results_named
from colisage.kit.described import described
from colisage.network.queries import ChannelFacts, channels_of
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

router = Router(tags=["stock"])
Sku = Annotated[str, Meta(min_length=1, max_length=100)]
Units = Annotated[int, Meta(ge=0, le=1_000_000)]


class SafetyIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Units of a SKU at a node that no channel sells."""

    sku: Sku
    node: Annotated[str, Meta(min_length=1, max_length=20)]
    units: Units


class SafetiesIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Levels of safety stock, each judged by itself."""

    levels: Annotated[list[SafetyIn], Meta(min_length=1, max_length=1_000)]


class SkuBufferIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Units of a SKU that a channel leaves at each node; null: as of everything else."""

    sku: Sku
    units: Units | None


class BuffersIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What a channel leaves at each node: of `everything` (left out: as it was), and of single SKUs."""

    channel: Annotated[str, Meta(min_length=1, max_length=30)]
    everything: Units | None = None
    skus: Annotated[list[SkuBufferIn], Meta(max_length=1_000)] = []


class BuffersAsked(Paged):
    """Of which channel, by its code."""

    channel: Annotated[str, StringConstraints(min_length=1, max_length=30, pattern=r"^[^\x00]+$")]


class BufferOut(Struct, frozen=True, kw_only=True):
    """Units of a SKU that a channel leaves at each node."""

    sku: str
    units: int


class BufferPageOut(Struct, frozen=True, kw_only=True):
    """What a channel leaves of `everything`, and a page of SKUs of which it leaves another number."""

    channel: str
    everything: int
    items: list[BufferOut]
    next: int | None


_LEVELS: Final = msgspec.json.Decoder(SafetiesIn)
_BUFFERS: Final = msgspec.json.Decoder(BuffersIn)


@router.post(
    "/stock/safety",
    operation_id="set_safety_stock",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=SafetiesIn,
        scope=CORRECTING,
        headers=("Idempotency-Key",),
        example={"levels": [{"sku": "MUG", "node": "LYON", "units": 4}]},
    ),
)
def post_safety(request: HttpRequest) -> HttpResponse:
    """Keep units of SKUs back from every channel, node by node, each level judged by itself: `set` or `refused`.

    `get_stock` gives what is kept back now. What is promised stays promised; where less is kept back, what is owed may
    be served.
    """
    sent = read_body(request, _LEVELS).levels

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = keep_each(key.merchant_id, [Kept(one.sku, one.node, one.units) for one in sent], actor=actor)
        return 200, results_named([one.sku for one in sent], became, done="set")

    return written(request, scope=CORRECTING, answer=answer)


def _channel(key: Key, code: str) -> ChannelFacts:
    found = channels_of(key.merchant_id).get(code)
    if found is None:
        raise UnknownChannel
    return found


@router.get(
    "/stock/buffers",
    operation_id="list_buffers",
    auth=None,
    openapi_extra=described(BufferPageOut, scope=SCOPE, refusals=(404,), headers=("If-None-Match",)),
)
def list_buffers(request: HttpRequest, asked: Query[BuffersAsked]) -> HttpResponse:
    """Say how many units a channel leaves at each node: of everything, and of which SKUs another number."""
    known_parameters(request, BuffersAsked)
    with behind_key(request, scope=SCOPE) as key:
        channel = _channel(key, asked.channel)
        found = buffers_page(channel.id, merchant_id=key.merchant_id, after=asked.page or 0, size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        items = [BufferOut(sku=sku, units=units) for _pk, sku, units in shown]
        told = BufferPageOut(
            channel=channel.code, everything=channel.buffer, items=items, next=last[0] if last else None
        )
        return given(request, told)


@router.post(
    "/stock/buffers",
    operation_id="set_buffers",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=BuffersIn,
        scope=CORRECTING,
        refusals=(404,),
        headers=("Idempotency-Key",),
        example={"channel": "shop", "everything": 2, "skus": [{"sku": "MUG", "units": 5}]},
    ),
)
def post_buffers(request: HttpRequest) -> HttpResponse:
    """Say how many units a channel leaves at each node, each SKU judged by itself: `set` or `refused`.

    Promises made already stay; what the channel may sell follows at once, and is told.
    """
    sent = read_body(request, _BUFFERS)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = buffer_each(
            key.merchant_id,
            [Buffered(one.sku, one.units) for one in sent.skus],
            channel_id=_channel(key, sent.channel).id,
            everything=sent.everything,
            actor=actor,
        )
        return 200, results_named([one.sku for one in sent.skus], became, done="set")

    return written(request, scope=CORRECTING, answer=answer)
