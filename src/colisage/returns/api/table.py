"""The JSON doors of the returns table: what came, how it is judged, what is paid back for it."""

from collections.abc import Collection
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct
from ninja import Router

from colisage.catalog.queries import skus_by_code
from colisage.kit.actors import Actor
from colisage.kit.answers import Id, known_id, read_body, there
from colisage.kit.described import described
from colisage.kit.errors import Malformed
from colisage.people.queries import Key
from colisage.people.queries.doors import written
from colisage.returns.actions.finish_return import finish_return
from colisage.returns.actions.inspect_return import Verdict, inspect_return
from colisage.returns.actions.mark_paid_back import mark_paid_back
from colisage.returns.actions.receive_return import Came, receive_return
from colisage.returns.actions.refund_return import refund_return
from colisage.returns.api.requests import WRITE, told_to
from colisage.returns.queries import refund_of
from colisage.returns.queries.told import ReturnOut

router = Router(tags=["returns"])
Units = Annotated[int, Meta(ge=1, le=1_000_000)]
Code = Annotated[str, Meta(min_length=1, max_length=100)]


class ReceivedIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Units of a SKU that came; `lot` is the lot or serial number on their label, where there is one."""

    sku: Code
    quantity: Units
    lot: Annotated[str, Meta(max_length=80)] = ""


class ReceiptIn(Struct, forbid_unknown_fields=True, frozen=True):
    """What came of a return, all of it or nothing."""

    items: Annotated[list[ReceivedIn], Meta(min_length=1, max_length=200)]


class VerdictIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Units that came, by the `item` of the return or by SKU: their grade, and what becomes of them.

    `bin` is the code of the shelf for those that go back to it. What is broken is not restocked, nor what is worn (c).
    """

    quantity: Units
    grade: Literal["a", "b", "c", "broken"]
    disposition: Literal["restock", "quarantine", "refurbish", "destroy"]
    item: Id | None = None
    sku: Code | None = None
    bin: Annotated[str, Meta(max_length=30)] = ""


class VerdictsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Verdicts, all of them or none."""

    verdicts: Annotated[list[VerdictIn], Meta(min_length=1, max_length=200)]


class PaidIn(Struct, forbid_unknown_fields=True, frozen=True):
    """The reference of the payment back, in the system in which it was made."""

    reference: Annotated[str, Meta(max_length=80)] = ""


class ItemOrSku(Malformed):
    """A verdict names what it is of once: not twice, and not at all neither."""

    code = "item_or_sku"
    text = _("Name either the item of the return or its SKU.")


_RECEIPT: Final = msgspec.json.Decoder(ReceiptIn)
_VERDICTS: Final = msgspec.json.Decoder(VerdictsIn)
_PAID: Final = msgspec.json.Decoder(PaidIn)
_SENT: Final[dict[str, Any]] = {"scope": WRITE, "refusals": (404, 409), "headers": ("Idempotency-Key",)}


@router.post(
    "/returns/{int:return_id}/receive",
    operation_id="receive_return",
    auth=None,
    openapi_extra=described(
        ReturnOut, body=ReceiptIn, example={"items": [{"sku": "MUG-BLUE", "quantity": 1, "lot": "L-2026-11"}]}, **_SENT
    ),
)
def post_receive(request: HttpRequest, return_id: int) -> HttpResponse:
    """Take what came onto the returns table: it is in the books, and cannot be sold before it is judged.

    Units come back as the lot they were sent as, or the one that is named; of several serial numbers the one that came
    must be named.
    """
    sent = read_body(request, _RECEIPT).items

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        ids = _sku_ids(key, [one.sku for one in sent])
        came = [Came(ids.get(one.sku.upper(), 0), one.quantity, one.lot) for one in sent]
        receive_return(key.merchant_id, return_id=known_id(return_id), came=came, actor=actor)
        return 200, told_to(key, return_id)

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/returns/{int:return_id}/inspect",
    operation_id="inspect_return",
    auth=None,
    openapi_extra=described(
        ReturnOut,
        body=VerdictsIn,
        example={
            "verdicts": [
                {"sku": "MUG-BLUE", "quantity": 1, "grade": "a", "disposition": "restock", "bin": "A-01-1"},
                {"item": 88, "quantity": 1, "grade": "broken", "disposition": "destroy"},
            ]
        },
        **_SENT,
    ),
)
def post_inspect(request: HttpRequest, return_id: int) -> HttpResponse:
    """Judge units that came, and move them where they go. With the last of them the return is inspected."""
    sent = read_body(request, _VERDICTS).verdicts
    for n, one in enumerate(sent):
        if (one.item is None) == (one.sku is None):
            refusal = ItemOrSku()
            refusal.faults = [{"pointer": f"/verdicts/{n}", "code": refusal.code, "detail": str(refusal)}]
            raise refusal

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        ids = _sku_ids(key, [one.sku for one in sent if one.sku])
        verdicts = [
            Verdict(
                item_id=one.item, sku_id=ids.get((one.sku or "").upper()), quantity=one.quantity, grade=one.grade,
                disposition=one.disposition, bin_code=one.bin,
            )
            for one in sent
        ]  # fmt: skip
        inspect_return(key.merchant_id, return_id=known_id(return_id), verdicts=verdicts, actor=actor)
        return 200, told_to(key, return_id)

    return written(request, scope=WRITE, answer=answer)


def _sku_ids(key: Key, codes: Collection[str]) -> dict[str, int]:
    """Give SKUs by code in capitals."""
    return {code: sku.id for code, sku in skus_by_code(key.merchant_id, codes=codes).items()} if codes else {}


@router.post(
    "/returns/{int:return_id}/finish",
    operation_id="finish_return",
    auth=None,
    openapi_extra=described(ReturnOut, **_SENT),
)
def post_finish(request: HttpRequest, return_id: int) -> HttpResponse:
    """Say that nothing more comes of a return whose units are all judged; what did not come is not paid back."""

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        finish_return(key.merchant_id, return_id=known_id(return_id), actor=actor)
        return 200, told_to(key, return_id)

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/returns/{int:return_id}/refund",
    operation_id="decide_refund",
    auth=None,
    openapi_extra=described(ReturnOut, **_SENT),
)
def post_refund(request: HttpRequest, return_id: int) -> HttpResponse:
    """Decide what is paid back for what came, to the cent. Asked again, the refund is the same one.

    The money moves in the shop's own system: the refund is due until `pay_refund` says that it was paid.
    """

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        refund_return(key.merchant_id, return_id=known_id(return_id), actor=actor)
        return 200, told_to(key, return_id)

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/returns/{int:return_id}/paid",
    operation_id="pay_refund",
    auth=None,
    openapi_extra=described(ReturnOut, body=PaidIn, example={"reference": "re_3Nk5"}, **_SENT),
)
def post_paid(request: HttpRequest, return_id: int) -> HttpResponse:
    """Say that the refund of a return was paid; the return is closed. Said twice, the first reference stays."""
    sent = read_body(request, _PAID)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        due = there(refund_of(key.merchant_id, return_id=known_id(return_id)))
        mark_paid_back(key.merchant_id, refund_id=due.pk, reference=sent.reference, actor=actor)
        return 200, told_to(key, return_id)

    return written(request, scope=WRITE, answer=answer)
