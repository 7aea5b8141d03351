"""The JSON doors of receiving: what came is taken in, whole pallets too, and taken back."""

from datetime import date
from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Router

from colisage.inbound.actions.find_dock import Where
from colisage.inbound.actions.finish_delivery import finish_delivery
from colisage.inbound.actions.note_papers import note_papers
from colisage.inbound.actions.receive_each import CameIn, receive_each
from colisage.inbound.actions.receive_pallets import receive_pallets
from colisage.inbound.actions.undo_each import undo_each
from colisage.inbound.models import Receipt
from colisage.inbound.queries.dock import delivery_row
from colisage.inbound.queries.told import WholeDeliveryOut, delivery_told
from colisage.kit.actors import Actor
from colisage.kit.answers import Id, Ids, ResultsOut, known_id, read_body, results_of, there
from colisage.kit.described import described
from colisage.kit.errors import Refused
from colisage.people.queries import Key, Unauthorized
from colisage.people.queries.doors import written

DOCK: Final = "dock:write"
ORDERING: Final = "inbound:write"
router = Router(tags=["dock"])
Code = Annotated[str, Meta(min_length=1, max_length=300)]
Units = Annotated[int, Meta(ge=0, le=1_000_000)]
Text80 = Annotated[str, Meta(max_length=80)]
Text60 = Annotated[str, Meta(max_length=60)]
Sscc = Annotated[str, Meta(pattern="^[0-9]{18}$")]


class WhereIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Where goods come: against a purchase order or an announced delivery, or without either at a node, by its code."""

    purchase_order: Id | None = None
    announcement: Id | None = None
    node: Annotated[str, Meta(max_length=20)] = ""


class CameInIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Units that came, by your code, the supplier's, a barcode, or a GS1 label as it was scanned; of a case: so many.

    What the label says of the lot, the serial number and the date need not be said again. Damaged ones go to
    quarantine. `unexpected`: take it in though the order does not have it.
    """

    sku: Code
    good: Units = 0
    damaged: Units = 0
    lot: Text80 = ""
    serial: Text80 = ""
    expires_on: date | None = None
    unexpected: bool = False


class ReceivingIn(WhereIn, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What came, each judged by itself. `over_confirmed`: more than ordered was counted twice, and is taken in."""

    units: Annotated[list[CameInIn], Meta(min_length=1, max_length=200)]
    over_confirmed: bool = False


class CameInOut(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of units: the `receipt` with which they were taken in, or a stable `code` and a sentence.

    Of all of them `over` are those that nobody had ordered more of. `to_inspect`: an inspection comes first.
    """

    outcome: str
    sku: str
    receipt: int | None = None
    good: int = 0
    damaged: int = 0
    over: int = 0
    unexpected: bool = False
    to_inspect: bool = False
    code: str = ""
    detail: str = ""


class ReceivingOut(Struct, frozen=True, kw_only=True):
    """What became of each, in the order in which they were sent, and the delivery to which it belongs (null: none)."""

    delivery: int | None
    results: list[CameInOut]


class PalletsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Announced pallets or cartons that came, by their SSCC."""

    ssccs: Annotated[list[Sscc], Meta(min_length=1, max_length=100)]


class PalletTakenOut(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a pallet: how many units were taken in with it, or a stable `code` and a sentence."""

    outcome: str
    sscc: str
    units: int = 0
    code: str = ""
    detail: str = ""


class PalletsTakenOut(Struct, frozen=True, kw_only=True):
    """What became of each, in the order in which they were sent."""

    results: list[PalletTakenOut]


class ReceiptsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Receipts, by their ids."""

    receipts: Ids


class PapersIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What the driver's papers say: the carrier, and the number of the supplier's delivery note."""

    carrier: Text60 = ""
    note_number: Text60 = ""


class ThatWasAllIn(Struct, forbid_unknown_fields=True, frozen=True):
    """That was all. `close_short`: what is missing is not waited for."""

    close_short: bool = False


_RECEIVING: Final = msgspec.json.Decoder(ReceivingIn)
_PALLETS: Final = msgspec.json.Decoder(PalletsIn)
_RECEIPTS: Final = msgspec.json.Decoder(ReceiptsIn)
_PAPERS: Final = msgspec.json.Decoder(PapersIn)
_FINISH: Final = msgspec.json.Decoder(ThatWasAllIn)
_SENT: Final[dict[str, Any]] = {"scope": DOCK, "headers": ("Idempotency-Key",)}


def where_in(sent: WhereIn) -> Where:
    """Give where goods come, as it was sent."""
    return Where(purchase_order_id=sent.purchase_order, announcement_id=sent.announcement, node=sent.node)


@router.post(
    "/inbound/receipts",
    operation_id="receive_goods",
    auth=None,
    openapi_extra=described(
        ReceivingOut,
        body=ReceivingIn,
        refusals=(404, 409),
        example={
            "purchase_order": 118,
            "units": [
                {"sku": "MUG-BLUE", "good": 23, "damaged": 1},
                {"sku": "THE-VERT", "good": 40, "lot": "L-2026-11", "expires_on": "2030-01-31"},
            ],
        },
        **_SENT,
    ),
)
def post_receipts(request: HttpRequest) -> HttpResponse:
    """Take in what came, against an order, an announced delivery, or at a node without either: each judged by itself.

    `received` (the units stand on the dock, damaged ones in quarantine) or `refused`: `not_expected` (say `unexpected`,
    or set it aside), `over_delivered` (count again, then say `over_confirmed`), `lot_expired` or `no_such_sku` (set it
    aside), and whatever else the dock refuses. The first units begin a delivery; the next ones against the same order
    belong to it until it is finished.
    """
    sent = read_body(request, _RECEIVING)
    came = [
        CameIn(
            code=one.sku, good=one.good, damaged=one.damaged, lot=one.lot, serial=one.serial, expires_on=one.expires_on,
            unexpected=one.unexpected,
        )
        for one in sent.units
    ]  # fmt: skip

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        brought = receive_each(
            key.merchant_id, came, where=where_in(sent), over_confirmed=sent.over_confirmed, actor=actor
        )
        results = [_came(one.sku, became) for one, became in zip(sent.units, brought.became, strict=True)]
        return 200, ReceivingOut(delivery=brought.delivery_id, results=results)

    return written(request, scope=DOCK, answer=answer)


def _came(sku: str, became: Receipt | Refused) -> CameInOut:
    if isinstance(became, Refused):
        return CameInOut(outcome="refused", sku=sku, code=became.code, detail=str(became))
    return CameInOut(
        outcome="received", sku=became.sku.code, receipt=became.pk, good=became.good, damaged=became.damaged,
        over=became.over, unexpected=became.unexpected, to_inspect=became.inspection_due,
    )  # fmt: skip


@router.post(
    "/inbound/pallets/receive",
    operation_id="receive_pallets",
    auth=None,
    openapi_extra=described(PalletsTakenOut, body=PalletsIn, example={"ssccs": ["376000190000000123"]}, **_SENT),
)
def post_pallets(request: HttpRequest) -> HttpResponse:
    """Take announced pallets or cartons in whole, each judged by itself: `received` or `refused`.

    What is missing of each is taken in as it was announced, on plates that bear the SSCCs. Again is refused
    (`pallet_not_expected`): nothing is missing any more.
    """
    ssccs = read_body(request, _PALLETS).ssccs

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = receive_pallets(key.merchant_id, ssccs, actor=actor)
        return 200, PalletsTakenOut(results=[_pallet(*one) for one in zip(ssccs, became, strict=True)])

    return written(request, scope=DOCK, answer=answer)


def _pallet(sscc: str, became: Refused | int) -> PalletTakenOut:
    if isinstance(became, Refused):
        return PalletTakenOut(outcome="refused", sscc=sscc, code=became.code, detail=str(became))
    return PalletTakenOut(outcome="received", sscc=sscc, units=became)


@router.post(
    "/inbound/receipts/undo",
    operation_id="undo_receipts",
    auth=None,
    openapi_extra=described(ResultsOut, body=ReceiptsIn, example={"receipts": [4711]}, **_SENT),
)
def post_undo(request: HttpRequest) -> HttpResponse:
    """Take receipts back whole, while their units stand on the dock: each `undone` or `refused`.

    Their order expects the units again.
    """
    ids = read_body(request, _RECEIPTS).receipts

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 200, results_of(ids, undo_each(key.merchant_id, ids, actor=actor), done="undone")

    return written(request, scope=DOCK, answer=answer)


def _told(key: Key, delivery_id: int) -> WholeDeliveryOut:
    return delivery_told(there(delivery_row([key.merchant_id], delivery_id=delivery_id)))


@router.post(
    "/inbound/deliveries/{int:delivery_id}/papers",
    operation_id="note_papers",
    auth=None,
    openapi_extra=described(
        WholeDeliveryOut,
        body=PapersIn,
        refusals=(404,),
        example={"carrier": "Geodis", "note_number": "BL-2026-77"},
        **_SENT,
    ),
)
def post_papers(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Write down what the driver's papers say."""
    sent = read_body(request, _PAPERS)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        note_papers(
            key.merchant_id, delivery_id=known_id(delivery_id), carrier=sent.carrier, note_number=sent.note_number,
            actor=actor,
        )  # fmt: skip
        return 200, _told(key, delivery_id)

    return written(request, scope=DOCK, answer=answer)


@router.post(
    "/inbound/deliveries/{int:delivery_id}/finish",
    operation_id="finish_delivery",
    auth=None,
    openapi_extra=described(
        WholeDeliveryOut, body=ThatWasAllIn, refusals=(404, 409), example={"close_short": False}, **_SENT
    ),
)
def post_finish(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Finish a delivery: its lines say what is missing. The order stays open for it, unless it is closed short.

    Closing short is a right of those who order: the key needs `inbound:write` for it, too.
    """
    sent = read_body(request, _FINISH)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        if sent.close_short and ORDERING not in key.scopes:
            raise Unauthorized(scope=ORDERING)
        finish_delivery(key.merchant_id, delivery_id=known_id(delivery_id), close_short=sent.close_short, actor=actor)
        return 200, _told(key, delivery_id)

    return written(request, scope=DOCK, answer=answer)
