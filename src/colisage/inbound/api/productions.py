"""The JSON doors of own production: what the house made comes in, and is read."""

from datetime import date
from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router

from colisage.inbound.actions.receive_production_said import SaidProduction, receive_production_said
from colisage.inbound.api.dock import DOCK, Text80
from colisage.inbound.queries.productions import (
    ProductionOut,
    ProductionPageOut,
    production_of,
    productions_page,
    productions_told,
)
from colisage.kit.actors import Actor
from colisage.kit.answers import Paged, given, known_id, known_parameters, page_of, read_body, there
from colisage.kit.described import described
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "inbound:read"
router = Router(tags=["production"])
Code = Annotated[str, Meta(min_length=1, max_length=100)]
Units = Annotated[int, Meta(ge=1, le=1_000_000)]


class UsedIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Units of a SKU that were used for the whole batch."""

    sku: Code
    quantity: Units


class ProductionIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A batch of one SKU, by its code or a barcode. A SKU with serial numbers has one of `serials` for each unit.

    `components` leave the bins of the node. `batch` is the number of the batch sheet.
    """

    sku: Code
    quantity: Units
    node: Annotated[str, Meta(min_length=1, max_length=20)]
    lot: Text80 = ""
    expires_on: date | None = None
    serials: Annotated[list[Annotated[str, Meta(min_length=1, max_length=80)]], Meta(max_length=2_000)] = []
    batch: Text80 = ""
    components: Annotated[list[UsedIn], Meta(max_length=200)] = []


_PRODUCTION: Final = msgspec.json.Decoder(ProductionIn)


@router.get(
    "/inbound/productions",
    operation_id="list_productions",
    auth=None,
    openapi_extra=described(ProductionPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_productions(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """List what was made in the house, the latest first."""
    known_parameters(request, Paged)
    with behind_key(request, scope=READ) as key:
        shown, last = page_of(
            productions_page([key.merchant_id], after=asked.page, size=asked.limit), limit=asked.limit
        )
        return given(request, ProductionPageOut(items=productions_told(shown), next=last.pk if last else None))


@router.get(
    "/inbound/productions/{int:production_id}",
    operation_id="get_production",
    auth=None,
    openapi_extra=described(ProductionOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_production(request: HttpRequest, production_id: int) -> HttpResponse:
    """Give a batch that was made in the house."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _told(key, known_id(production_id)))


def _told(key: Key, production_id: int) -> ProductionOut:
    return productions_told([there(production_of([key.merchant_id], production_id=production_id))])[0]


@router.post(
    "/inbound/productions",
    operation_id="receive_production",
    auth=None,
    openapi_extra=described(
        ProductionOut,
        body=ProductionIn,
        scope=DOCK,
        status=201,
        refusals=(404, 409),
        headers=("Idempotency-Key",),
        example={
            "sku": "LAMP-OAK",
            "quantity": 6,
            "node": "LYON",
            "lot": "B-7",
            "components": [{"sku": "SHADE", "quantity": 6}, {"sku": "SCREW", "quantity": 24}],
        },
    ),
)
def post_production(request: HttpRequest) -> HttpResponse:
    """Take a batch in: it stands on the dock, made; what was used has left the bins. All of it or nothing.

    `too_few_components` when they are promised, kept back or not there. Every member that means nothing is named at
    once.
    """
    sent = read_body(request, _PRODUCTION)
    said = SaidProduction(
        sku=sent.sku, quantity=sent.quantity, node=sent.node, lot=sent.lot, expires_on=sent.expires_on,
        serials=sent.serials, batch=sent.batch, components=[(one.sku, one.quantity) for one in sent.components],
    )  # fmt: skip

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 201, _told(key, receive_production_said(key.merchant_id, said=said, actor=actor))

    return written(request, scope=DOCK, answer=answer)
