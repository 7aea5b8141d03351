"""The JSON doors of kits: what could be made where, made, taken apart, and what was."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router
from pydantic import StringConstraints

from colisage.catalog.queries import kits_page, skus_by_code
from colisage.inventory.actions.assemble_each import assemble_each
from colisage.inventory.actions.disassemble_each import disassemble_each
from colisage.inventory.actions.find_kits import KitsAsked
from colisage.inventory.api.stock import CORRECTING, SCOPE
from colisage.inventory.queries.kits import Made, assemblies_of, can_make
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    DoneOut,
    Id,
    Paged,
    ResultsOut,
    Text,
    given,
    known_parameters,
    page_of,
    read_body,
    there,
)
from colisage.kit.described import described
from colisage.kit.errors import Refused
from colisage.network.queries import nodes_by_id
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

router = Router(tags=["kits"])
Sku = Annotated[str, Meta(min_length=1, max_length=100)]
Node = Annotated[str, Meta(min_length=1, max_length=20)]
Bin = Annotated[str, Meta(min_length=1, max_length=30)]
Kits = Annotated[int, Meta(ge=1, le=100_000)]


class KitListAsked(Paged):
    """What a list of kits is narrowed to: words of their names, or how their codes begin."""

    text: Text | None = None


class MadeAsked(Paged):
    """Of which kit, by its code."""

    sku: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]+$")]


class KitAtOut(Struct, frozen=True, kw_only=True):
    """Kits at a node: on hand, and how many could be made now of free components."""

    node: str
    on_hand: int
    can_make: int


class KitOut(Struct, frozen=True, kw_only=True):
    """A kit, node by node. Its recipe says `get_sku`."""

    sku: str
    name: str
    nodes: list[KitAtOut]


class KitPageOut(Struct, frozen=True, kw_only=True):
    """A page of kits by code; `next` is the `page` that follows, null on the last."""

    items: list[KitOut]
    next: int | None


class KitPartOut(Struct, frozen=True, kw_only=True):
    """Units of a component that went in, or came out."""

    sku: str
    quantity: int
    lot: str


class MadeOut(Struct, frozen=True, kw_only=True):
    """Kits made, or taken apart (`kind`), at once; `left` of those made are not taken apart yet."""

    id: int
    kind: str
    node: str
    bin: str
    lot: str
    quantity: int
    left: int
    by: str
    at: datetime
    components: list[KitPartOut]


class MadePageOut(Struct, frozen=True, kw_only=True):
    """A page of what was made of a kit and taken apart, the latest first; `next` is the `page` that follows."""

    sku: str
    items: list[MadeOut]
    next: int | None


class AssembleIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Kits to be made at a node and put into a bin, of a `lot` of their own if you like."""

    sku: Sku
    node: Node
    bin: Bin
    quantity: Kits
    lot: Annotated[str, Meta(max_length=80)] = ""


class AssembleManyIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Kits to be made, each judged by itself."""

    kits: Annotated[list[AssembleIn], Meta(min_length=1, max_length=50)]


class DisassembleIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Kits to be taken apart at a node, their components put into a bin. `made_by`: those of one assembly."""

    sku: Sku
    node: Node
    bin: Bin
    quantity: Kits
    made_by: Id | None = None


class DisassembleManyIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Kits to be taken apart, each judged by itself."""

    kits: Annotated[list[DisassembleIn], Meta(min_length=1, max_length=50)]


_MAKE: Final = msgspec.json.Decoder(AssembleManyIn)
_UNDO: Final = msgspec.json.Decoder(DisassembleManyIn)
_SENT: Final[dict[str, Any]] = {"scope": CORRECTING, "headers": ("Idempotency-Key",)}
_EXAMPLE: Final = {"kits": [{"sku": "HAMPER", "node": "LYON", "bin": "C-04-1", "quantity": 10}]}


@router.get(
    "/stock/kits",
    operation_id="list_kits",
    auth=None,
    openapi_extra=described(KitPageOut, scope=SCOPE, headers=("If-None-Match",)),
)
def list_kits(request: HttpRequest, asked: Query[KitListAsked]) -> HttpResponse:
    """List kits by code, with how many there are and how many could be made now, node by node."""
    known_parameters(request, KitListAsked)
    with behind_key(request, scope=SCOPE) as key:
        found = kits_page([key.merchant_id], text=asked.text or "", after=asked.page or 0, size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        can = can_make(key.merchant_id, sku_ids=[kit.id for kit in shown])
        nodes = nodes_by_id({node for one in can.values() for node in {*one.have, *one.can}})
        items = [
            KitOut(
                sku=kit.code,
                name=kit.name,
                nodes=[
                    KitAtOut(
                        node=nodes[node].code, on_hand=can[kit.id].have.get(node, 0),
                        can_make=can[kit.id].can.get(node, 0),
                    )
                    for node in sorted({*can[kit.id].have, *can[kit.id].can})
                ],
            )
            for kit in shown
        ]  # fmt: skip
        return given(request, KitPageOut(items=items, next=last.id if last else None))


@router.get(
    "/stock/kits/made",
    operation_id="list_assemblies",
    auth=None,
    openapi_extra=described(MadePageOut, scope=SCOPE, refusals=(404,), headers=("If-None-Match",)),
)
def list_made(request: HttpRequest, asked: Query[MadeAsked]) -> HttpResponse:
    """List what was made of a kit and taken apart, the latest first, with components and lots."""
    known_parameters(request, MadeAsked)
    with behind_key(request, scope=SCOPE) as key:
        sku = there(skus_by_code(key.merchant_id, codes=[asked.sku]).get(asked.sku.upper()))
        found = assemblies_of(key.merchant_id, sku_id=sku.id, before=asked.page, size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        nodes = {pk: node.code for pk, node in nodes_by_id({one.node_id for one in shown}).items()}
        items = [_made(one, node=nodes.get(one.node_id, "")) for one in shown]
        return given(request, MadePageOut(sku=sku.code, items=items, next=last.id if last else None))


def _made(one: Made, *, node: str) -> MadeOut:
    parts = [KitPartOut(sku=sku, quantity=units, lot=lot) for sku, units, lot in one.parts]
    return MadeOut(
        id=one.id, kind=one.kind, node=node, bin=one.place, lot=one.lot, quantity=one.qty, left=one.left, by=one.by,
        at=one.at, components=parts,
    )  # fmt: skip


@router.post(
    "/stock/kits/assemble",
    operation_id="assemble_kits",
    auth=None,
    openapi_extra=described(ResultsOut, body=AssembleManyIn, example=_EXAMPLE, **_SENT),
)
def post_assemble(request: HttpRequest) -> HttpResponse:
    """Make kits of free components, each judged by itself: `assembled` (`id` is the assembly) or `refused`.

    Components are taken in the order of their rotation; what is promised or kept back is not touched.
    """
    sent = read_body(request, _MAKE).kits

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        asked = [KitsAsked(one.sku, one.node, one.bin, one.quantity, lot=one.lot) for one in sent]
        return 200, _results(asked, assemble_each(key.merchant_id, asked, actor=actor), done="assembled")

    return written(request, scope=CORRECTING, answer=answer)


@router.post(
    "/stock/kits/disassemble",
    operation_id="disassemble_kits",
    auth=None,
    openapi_extra=described(ResultsOut, body=DisassembleManyIn, example=_EXAMPLE, **_SENT),
)
def post_disassemble(request: HttpRequest) -> HttpResponse:
    """Take free kits apart, each judged by itself: `disassembled` (`id` is the document) or `refused`.

    Of one assembly (`made_by`) the lots that went in come out, else today's recipe without lots.
    """
    sent = read_body(request, _UNDO).kits

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        asked = [KitsAsked(one.sku, one.node, one.bin, one.quantity, made_by=one.made_by) for one in sent]
        return 200, _results(asked, disassemble_each(key.merchant_id, asked, actor=actor), done="disassembled")

    return written(request, scope=CORRECTING, answer=answer)


def _results(asked: Sequence[KitsAsked], became: Sequence[Refused | int], *, done: str) -> ResultsOut:
    return ResultsOut(
        results=[
            DoneOut(outcome="refused", name=kit.sku, code=one.code, detail=str(one))
            if isinstance(one, Refused)
            else DoneOut(outcome=done, name=kit.sku, id=one)
            for kit, one in zip(asked, became, strict=True)
        ]
    )
