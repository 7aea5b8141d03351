"""The JSON doors of one receipt: read with the inspection that is due, photographed, inspected."""

from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Router

from colisage.inbound.actions.inspect_receipt import Finding, inspect_receipt
from colisage.inbound.api.dock import DOCK
from colisage.inbound.api.photographed import photographed, takes_photo
from colisage.inbound.models import Receipt
from colisage.inbound.queries import receipt_of
from colisage.inbound.queries.dock_told import WholeReceiptOut, receipt_told
from colisage.kit.actors import Actor
from colisage.kit.answers import Id, given, known_id, known_parameters, read_body, there
from colisage.kit.described import described
from colisage.kit.photos import photos_of
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "inbound:read"
router = Router(tags=["inspections"])


class AnsweredIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What was found: `yes`, `no`, or a measure such as `12.5`; a photo is sent before, and needs no answer."""

    question: Id
    answer: Annotated[str, Meta(max_length=40)]


class FindingIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What was found on a receipt. Units that fail go to quarantine; a wrong answer without one is refused."""

    answers: Annotated[list[AnsweredIn], Meta(max_length=100)]
    failed_units: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    note: Annotated[str, Meta(max_length=300)] = ""


_FINDING: Final = msgspec.json.Decoder(FindingIn)


@router.get(
    "/inbound/receipts/{int:receipt_id}",
    operation_id="get_receipt",
    auth=None,
    openapi_extra=described(WholeReceiptOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """Give a receipt, with the inspection that is due (what is asked of how many units) or what it found."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, receipt_told(_found(key, receipt_id)))


def _found(key: Key, receipt_id: int) -> Receipt:
    return there(receipt_of([key.merchant_id], receipt_id=known_id(receipt_id)))


@router.post(
    "/inbound/receipts/{int:receipt_id}/photos",
    operation_id="add_receipt_photo",
    auth=None,
    openapi_extra=takes_photo(scope=DOCK),
)
def post_photo(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """Add a photo to a receipt, such as of what came damaged: a JPEG, PNG or WebP of at most 12 MB, as the body."""
    return photographed(request, scope=DOCK, kind="receipt", shows=lambda key: _found(key, receipt_id).pk)


@router.post(
    "/inbound/receipts/{int:receipt_id}/inspect",
    operation_id="inspect_receipt",
    auth=None,
    openapi_extra=described(
        WholeReceiptOut,
        body=FindingIn,
        scope=DOCK,
        refusals=(404, 409),
        headers=("Idempotency-Key",),
        example={"answers": [{"question": 7, "answer": "no"}], "failed_units": 2, "note": "glaze cracked"},
    ),
)
def post_inspection(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """Answer the inspection of a receipt (`get_receipt` says what is asked), and say how many units fail.

    The others may be put away from then on. Where a photo is asked for, one of the receipt's has to be there.
    """
    sent = read_body(request, _FINDING)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        receipt = _found(key, receipt_id)
        photos = photos_of([key.merchant_id], doc_kind="receipt", doc_ids=[receipt.pk]).get(receipt.pk, [])
        finding = Finding(
            answers={one.question: one.answer for one in sent.answers}, failed_units=sent.failed_units,
            photos=len(photos), note=sent.note,
        )  # fmt: skip
        inspect_receipt(key.merchant_id, receipt_id=receipt.pk, finding=finding, actor=actor)
        return 200, receipt_told(_found(key, receipt_id))

    return written(request, scope=DOCK, answer=answer)
