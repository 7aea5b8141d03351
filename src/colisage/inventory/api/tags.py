"""The JSON doors of RFID: readers, what was read of a bin beside the books, and what is done about it."""

from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router

from colisage.inventory.actions.ask_reader import ask_reader
from colisage.inventory.actions.read_tags_named import read_tags_named
from colisage.inventory.actions.save_readers_named import SaidReader, save_readers_named
from colisage.inventory.actions.settle_tag_read import settle_tag_read
from colisage.inventory.api.stock import CORRECTING, SCOPE
from colisage.inventory.models import TagRead
from colisage.inventory.queries.tags import lines_of_read, read_of, readers_of, reads_page
from colisage.inventory.queries.tags_told import (
    TagReadersOut,
    TagReadPageOut,
    WholeTagReadOut,
    read_told,
    readers_told,
    reads_told,
)
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    DoneOut,
    Paged,
    ResultsOut,
    given,
    known_id,
    known_parameters,
    page_of,
    read_body,
    results_named,
    there,
)
from colisage.kit.described import described
from colisage.people.queries import Key, own_operators
from colisage.people.queries.doors import behind_key, written

SENDING: Final = "epcis:write"
router = Router(tags=["tags"])
Node = Annotated[str, Meta(min_length=1, max_length=20)]


class ReaderIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A reader that speaks LLRP, with its address in the network of the house; without a `bin` it is a gate."""

    node: Node
    name: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"\S")]
    host: Annotated[str, Meta(min_length=1, max_length=120)]
    port: Annotated[int, Meta(ge=1, le=65_535)] = 5084
    bin: Annotated[str, Meta(max_length=30)] = ""


class ReadersIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Readers, each judged by itself."""

    readers: Annotated[list[ReaderIn], Meta(min_length=1, max_length=100)]


class ReaderAskIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What a reader is asked: how it is, or (`read`) which tags are in the bin it looks at; a gate's `bin` is said."""

    read: bool = False
    bin: Annotated[str, Meta(max_length=30)] = ""


class BinTagsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Tags read in a bin, as often as they were seen: EPCs in hexadecimal or as URIs."""

    node: Node
    bin: Annotated[str, Meta(min_length=1, max_length=30)]
    tags: Annotated[list[Annotated[str, Meta(min_length=1, max_length=120)]], Meta(min_length=1, max_length=50_000)]


class ReadSettledIn(Struct, forbid_unknown_fields=True, frozen=True):
    """What becomes of a read: its bin is counted, which alone changes the books, or the read is put aside."""

    verdict: Literal["count", "put_aside"]


_READERS: Final = msgspec.json.Decoder(ReadersIn)
_ASK: Final = msgspec.json.Decoder(ReaderAskIn)
_TAGS: Final = msgspec.json.Decoder(BinTagsIn)
_SETTLED: Final = msgspec.json.Decoder(ReadSettledIn)


@router.get(
    "/stock/tag-readers",
    operation_id="list_tag_readers",
    auth=None,
    openapi_extra=described(TagReadersOut, scope=SCOPE, headers=("If-None-Match",)),
)
def list_readers(request: HttpRequest) -> HttpResponse:
    """List the readers in warehouses that work for you alone, and whether they answer."""
    known_parameters(request)
    with behind_key(request, scope=SCOPE) as key:
        return given(request, TagReadersOut(items=readers_told(readers_of(own_operators(key.merchant_id)))))


@router.post(
    "/stock/tag-readers",
    operation_id="add_tag_readers",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=ReadersIn,
        scope=CORRECTING,
        headers=("Idempotency-Key",),
        example={"readers": [{"node": "LYON", "name": "Shelf A", "host": "10.0.0.9", "bin": "A-01-1"}]},
    ),
)
def post_readers(request: HttpRequest) -> HttpResponse:
    """Add readers in warehouses that work for you alone, each judged by itself: `saved` or `refused`."""
    sent = read_body(request, _READERS).readers

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        said = [SaidReader(**msgspec.structs.asdict(one)) for one in sent]
        became = save_readers_named(key.merchant_id, said, actor=actor)
        return 200, results_named([one.name for one in sent], became, done="saved")

    return written(request, scope=CORRECTING, answer=answer)


@router.post(
    "/stock/tag-readers/{int:reader_id}/ask",
    operation_id="ask_tag_reader",
    auth=None,
    openapi_extra=described(
        DoneOut,
        body=ReaderAskIn,
        scope=CORRECTING,
        refusals=(404,),
        headers=("Idempotency-Key",),
        example={"read": True},
    ),
)
def post_asked(request: HttpRequest, reader_id: int) -> HttpResponse:
    """Have a reader asked how it is (`asked`: look at it again in some seconds), or what lies in a bin (`reading`).

    `id` is then that of the read that is coming.
    """
    sent = read_body(request, _ASK)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        readers = readers_of(own_operators(key.merchant_id))
        reader = there(next((one for one in readers if one.pk == reader_id), None))
        made = ask_reader(reader.operator_id, reader_id=reader.pk, read=sent.read, bin_code=sent.bin, actor=actor)
        return 200, DoneOut(outcome="asked") if made is None else DoneOut(outcome="reading", id=made)

    return written(request, scope=CORRECTING, answer=answer)


@router.get(
    "/stock/tag-reads",
    operation_id="list_tag_reads",
    auth=None,
    openapi_extra=described(TagReadPageOut, scope=SCOPE, headers=("If-None-Match",)),
)
def list_reads(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """List what was read of tags in warehouses that work for you alone, the latest first."""
    known_parameters(request, Paged)
    with behind_key(request, scope=SCOPE) as key:
        found = reads_page(own_operators(key.merchant_id), before=asked.page or 0, size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        return given(request, TagReadPageOut(items=reads_told(shown), next=last.pk if last else None))


@router.get(
    "/stock/tag-reads/{int:read_id}",
    operation_id="get_tag_read",
    auth=None,
    openapi_extra=described(WholeTagReadOut, scope=SCOPE, refusals=(404,), headers=("If-None-Match",)),
)
def get_read(request: HttpRequest, read_id: int) -> HttpResponse:
    """Give a read beside the books: goods expected and seen, and tags that are not compared."""
    known_parameters(request)
    with behind_key(request, scope=SCOPE) as key:
        return given(request, _told(key, read_id))


def _found(key: Key, read_id: int) -> TagRead:
    return there(read_of(own_operators(key.merchant_id), read_id=known_id(read_id)))


def _told(key: Key, read_id: int) -> WholeTagReadOut:
    return read_told(_found(key, read_id), lines_of_read([key.merchant_id], read_id=read_id))


@router.post(
    "/stock/tag-reads",
    operation_id="send_tags",
    auth=None,
    openapi_extra=described(
        WholeTagReadOut,
        body=BinTagsIn,
        scope=SENDING,
        status=201,
        refusals=(403, 404),
        headers=("Idempotency-Key",),
        example={"node": "LYON", "bin": "A-01-1", "tags": ["3034257BF7194E4000001A85"]},
    ),
)
def post_tags(request: HttpRequest) -> HttpResponse:
    """Compare the tags read in a bin with the books. Nothing is booked: have the bin counted where they differ.

    A tag counts once. In a warehouse that works for others too its operator reads (`not_your_floor`).
    """
    sent = read_body(request, _TAGS)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        made = read_tags_named(key.merchant_id, sent.tags, node=sent.node, bin_code=sent.bin, actor=actor)
        return 201, _told(key, made)

    return written(request, scope=SENDING, answer=answer)


@router.post(
    "/stock/tag-reads/{int:read_id}/settle",
    operation_id="settle_tag_read",
    auth=None,
    openapi_extra=described(
        WholeTagReadOut,
        body=ReadSettledIn,
        scope=CORRECTING,
        refusals=(404, 409),
        headers=("Idempotency-Key",),
        example={"verdict": "count"},
    ),
)
def post_settled(request: HttpRequest, read_id: int) -> HttpResponse:
    """Have the bin of a read counted, or put the read aside; `read_is_over` where it was dealt with."""
    count = read_body(request, _SETTLED).verdict == "count"

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        read = _found(key, read_id)
        settle_tag_read(read.operator_id, read_id=read.pk, count=count, actor=actor)
        return 200, _told(key, read_id)

    return written(request, scope=CORRECTING, answer=answer)
