"""The JSON doors of labels: given to be printed, voided, asked for again."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Struct
from ninja import Router

from colisage.kit.actors import Actor
from colisage.kit.answers import Ids, ResultsOut, judged, known_id, known_parameters, read_body, results_of, there
from colisage.kit.described import described
from colisage.kit.errors import Refused
from colisage.people.queries import Key, Unauthorized
from colisage.people.queries.doors import behind_key, written
from colisage.shipping.actions.note_printed import note_printed
from colisage.shipping.actions.request_each import request_each
from colisage.shipping.actions.retry_each import retry_each
from colisage.shipping.actions.void_each import void_each
from colisage.shipping.queries import label_pdf, label_zpl, labels_of_shipments
from colisage.shipping.queries.listing import shipment_of

READ: Final = "shipments:read"
WRITE: Final = "shipments:write"
CUSTOMERS: Final = "customers:read"
PDF: Final = "application/pdf"
ZPL: Final = "application/zpl"
router = Router(tags=["shipments"])


class ShipmentsNamed(Struct, forbid_unknown_fields=True, frozen=True):
    """The ids of shipments."""

    shipments: Ids


class PartsNamed(Struct, forbid_unknown_fields=True, frozen=True):
    """The ids of fulfilment orders."""

    fulfillment_orders: Ids


_PARTS: Final = msgspec.json.Decoder(PartsNamed)
_NAMED: Final = msgspec.json.Decoder(ShipmentsNamed)
_SENT: Final[dict[str, Any]] = {
    "body": ShipmentsNamed,
    "scope": WRITE,
    "headers": ("Idempotency-Key",),
    "example": {"shipments": [311, 312]},
}


@router.get(
    "/shipments/{int:shipment_id}/labels.pdf",
    operation_id="get_labels_pdf",
    auth=None,
    openapi_extra=described(scope=READ, refusals=(404,), gives=(PDF,)),
)
def get_labels_pdf(request: HttpRequest, shipment_id: int) -> HttpResponse:
    """Give the good labels of a shipment as PDF, one a page of 100 × 150 mm. Needs `customers:read`, too.

    Reading is not printing: say that they were printed by `note_labels_printed`.
    """
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return _file(label_pdf([key.merchant_id], label_ids=_labels(key, shipment_id)), PDF, shipment_id, "pdf")


@router.get(
    "/shipments/{int:shipment_id}/labels.zpl",
    operation_id="get_labels_zpl",
    auth=None,
    openapi_extra=described(scope=READ, refusals=(404,), gives=(ZPL,)),
)
def get_labels_zpl(request: HttpRequest, shipment_id: int) -> HttpResponse:
    """Give the good labels of a shipment for a thermal printer (ZPL II, UTF-8). Needs `customers:read`, too.

    Reading is not printing: say that they were printed by `note_labels_printed`.
    """
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        told = label_zpl([key.merchant_id], label_ids=_labels(key, shipment_id))
        return _file(told, f"{ZPL}; charset=utf-8", shipment_id, "zpl")


def _labels(key: Key, shipment_id: int) -> list[int]:
    """Give the good labels of a shipment to a key that may see who the customer is: they say it."""
    if CUSTOMERS not in key.scopes:
        raise Unauthorized(scope=CUSTOMERS)
    found = there(shipment_of(key.merchant_id, shipment_id=known_id(shipment_id)))
    return [label.id for label in labels_of_shipments([found.pk])]


def _file(content: bytes | str, kind: str, shipment_id: int, ending: str) -> HttpResponse:
    name = f'attachment; filename="colisage-{shipment_id}.{ending}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": name})


@router.post(
    "/shipments/printed",
    operation_id="note_labels_printed",
    auth=None,
    openapi_extra=described(ResultsOut, **_SENT),
)
def post_printed(request: HttpRequest) -> HttpResponse:
    """Say that the labels of shipments were printed, so that the desk does not print them again.

    Each is judged by itself: `printed`, `unchanged` (they were before) or `refused`.
    """
    sent = read_body(request, _NAMED).shipments

    def answer(key: Key, _actor: Actor) -> tuple[int, Any]:
        return 200, results_of(sent, note_printed(key.merchant_id, sent), done="printed")

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/shipments/void",
    operation_id="void_shipments",
    auth=None,
    openapi_extra=described(ResultsOut, **_SENT),
)
def post_void(request: HttpRequest) -> HttpResponse:
    """Void shipments that have not left, each judged by itself: `voided`, `unchanged` (void, or refused) or `refused`.

    Labels are void at once and given back to their carriers; the parcels stay packed, until `retry_shipments` asks for
    new labels.
    """
    sent = read_body(request, _NAMED).shipments

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 200, results_of(sent, void_each(key.merchant_id, sent, actor=actor), done="voided")

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/shipments/retry",
    operation_id="retry_shipments",
    auth=None,
    openapi_extra=described(ResultsOut, **_SENT),
)
def post_retry(request: HttpRequest) -> HttpResponse:
    """Ask carriers once more for shipments without a label: `asked`, `unchanged` (there is one, or comes) or `refused`.

    Where the outcome is unknown the carrier is asked by the same key, so that nothing is bought twice. Where it was
    refused, or is void, a new shipment is wanted: `name` is the id of the one that counts now.
    """
    sent = read_body(request, _NAMED).shipments

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 200, _asked(sent, retry_each(key.merchant_id, sent, actor=actor))

    return written(request, scope=WRITE, answer=answer)


def _asked(ids: Sequence[int], became: Mapping[int, Refused | tuple[int, bool]]) -> ResultsOut:
    """Say of each whether a label was asked for, and by `name` which shipment it is now."""
    return ResultsOut(
        results=[
            judged(pk, became=one)
            if isinstance(one, Refused)
            else judged(pk, became=one[1], done="asked", name=str(one[0]))
            for pk, one in ((pk, became[pk]) for pk in ids)
        ]
    )


@router.post(
    "/shipments/request",
    operation_id="request_shipments",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=PartsNamed,
        scope=WRITE,
        headers=("Idempotency-Key",),
        example={"fulfillment_orders": [204, 205]},
    ),
)
def post_request(request: HttpRequest) -> HttpResponse:
    """Ask for the labels of packed fulfilment orders: `asked`, `unchanged` (asked for before) or `refused`.

    It happens by itself when an order is packed, or freed. `name` is the id of the shipment.
    """
    sent = read_body(request, _PARTS).fulfillment_orders

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 200, _asked(sent, request_each(key.merchant_id, sent, actor=actor))

    return written(request, scope=WRITE, answer=answer)
