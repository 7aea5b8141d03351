"""The JSON doors of transfers between nodes: sent, read, counted where they arrive, settled."""

from datetime import date
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router

from colisage.inbound.actions.receive_transfer import Arrived, receive_transfer
from colisage.inbound.actions.send_transfer_said import SaidTransfer, send_transfer_said
from colisage.inbound.actions.settle_transfer import settle_transfer
from colisage.inbound.api.dock import DOCK
from colisage.inbound.queries.transfers import transfer_lines, transfer_of, transfers_page
from colisage.inbound.queries.transfers_told import (
    TransferPageOut,
    WholeTransferOut,
    transfer_told,
    transfers_told,
)
from colisage.kit.actors import Actor
from colisage.kit.answers import Id, Paged, given, known_id, known_parameters, page_of, read_body, there
from colisage.kit.described import described
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "inbound:read"
SENDING: Final = "stock:write"
router = Router(tags=["transfers"])
Node = Annotated[str, Meta(min_length=1, max_length=20)]
Code = Annotated[str, Meta(min_length=1, max_length=100)]
Units = Annotated[int, Meta(ge=1, le=1_000_000)]
Some = Annotated[int, Meta(ge=0, le=1_000_000)]


class TransfersAsked(Paged):
    """What a list of transfers is narrowed to."""

    state: Literal["sent", "partly", "arrived"] | None = None


class SentLineIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Units of a SKU, by its code or a barcode; of a case, so many cases."""

    sku: Code
    quantity: Units


class TransferIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Free units that go from one node to another, both by their codes: all of them or none."""

    source: Node
    target: Node
    lines: Annotated[list[SentLineIn], Meta(min_length=1, max_length=2_000)]
    expected_on: date | None = None
    note: Annotated[str, Meta(max_length=200)] = ""


class ArrivedLineIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Units of a line (an `id` of the transfer's lines) that arrived."""

    line: Id
    good: Some = 0
    damaged: Some = 0


class ArrivedIn(Struct, forbid_unknown_fields=True, frozen=True):
    """What arrived, all of it or nothing."""

    lines: Annotated[list[ArrivedLineIn], Meta(min_length=1, max_length=2_000)]


class UnarrivedIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Why nothing more will arrive. `stayed`: never loaded, the units stand on the dock they came from."""

    reason: Literal["lost", "theft", "damaged", "stayed"]


_TRANSFER: Final = msgspec.json.Decoder(TransferIn)
_ARRIVED: Final = msgspec.json.Decoder(ArrivedIn)
_UNARRIVED: Final = msgspec.json.Decoder(UnarrivedIn)


@router.get(
    "/inbound/transfers",
    operation_id="list_transfers",
    auth=None,
    openapi_extra=described(TransferPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_transfers(request: HttpRequest, asked: Query[TransfersAsked]) -> HttpResponse:
    """List transfers between nodes, the latest first."""
    known_parameters(request, TransfersAsked)
    with behind_key(request, scope=READ) as key:
        found = transfers_page([key.merchant_id], state=asked.state or "", after=asked.page, size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        return given(request, TransferPageOut(items=transfers_told(shown), next=last.pk if last else None))


@router.get(
    "/inbound/transfers/{int:transfer_id}",
    operation_id="get_transfer",
    auth=None,
    openapi_extra=described(WholeTransferOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_transfer(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Give a transfer with its lines: what was sent, what arrived, what is on its way."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _told(key, known_id(transfer_id)))


def _told(key: Key, transfer_id: int) -> WholeTransferOut:
    row = there(transfer_of([key.merchant_id], transfer_id=transfer_id))
    return transfer_told(row, transfer_lines([key.merchant_id], transfer_id=transfer_id))


@router.post(
    "/inbound/transfers",
    operation_id="send_transfer",
    auth=None,
    openapi_extra=described(
        WholeTransferOut,
        body=TransferIn,
        scope=SENDING,
        status=201,
        refusals=(404, 409),
        headers=("Idempotency-Key",),
        example={"source": "LYON", "target": "PARIS", "lines": [{"sku": "MUG-BLUE", "quantity": 24}]},
    ),
)
def post_transfer(request: HttpRequest) -> HttpResponse:
    """Send free units to another node: they leave the bins at once, and are incoming there.

    All of it or nothing: `too_few_free` when units are promised, kept back or not there. Every member that means
    nothing is named at once.
    """
    sent = read_body(request, _TRANSFER)
    said = SaidTransfer(
        source=sent.source, target=sent.target, lines=[(one.sku, one.quantity) for one in sent.lines],
        expected_on=sent.expected_on, note=sent.note,
    )  # fmt: skip

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 201, _told(key, send_transfer_said(key.merchant_id, said=said, actor=actor))

    return written(request, scope=SENDING, answer=answer)


@router.post(
    "/inbound/transfers/{int:transfer_id}/arrive",
    operation_id="receive_transfer",
    auth=None,
    openapi_extra=described(
        WholeTransferOut,
        body=ArrivedIn,
        scope=DOCK,
        refusals=(404, 409),
        headers=("Idempotency-Key",),
        example={"lines": [{"line": 31, "good": 23, "damaged": 1}]},
    ),
)
def post_arrived(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Count what arrives: good units stand on the dock, damaged ones in quarantine. The rest stays on its way."""
    arrived = [Arrived(one.line, one.good, one.damaged) for one in read_body(request, _ARRIVED).lines]

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        receive_transfer(key.merchant_id, arrived, transfer_id=known_id(transfer_id), actor=actor)
        return 200, _told(key, transfer_id)

    return written(request, scope=DOCK, answer=answer)


@router.post(
    "/inbound/transfers/{int:transfer_id}/settle",
    operation_id="settle_transfer",
    auth=None,
    openapi_extra=described(
        WholeTransferOut,
        body=UnarrivedIn,
        scope=SENDING,
        refusals=(404, 409),
        headers=("Idempotency-Key",),
        example={"reason": "lost"},
    ),
)
def post_settled(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Close a transfer of which nothing more will arrive, and say why. Settled again, nothing changes."""
    reason = read_body(request, _UNARRIVED).reason

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        settle_transfer(key.merchant_id, transfer_id=known_id(transfer_id), reason=reason, actor=actor)
        return 200, _told(key, transfer_id)

    return written(request, scope=SENDING, answer=answer)
