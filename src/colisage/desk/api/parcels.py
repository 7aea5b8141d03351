"""The JSON doors by which orders of one customer go in one parcel, and in parcels of their own again."""

from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from colisage.desk.actions.join_each import join_each
from colisage.desk.actions.separate_each import separate_each
from colisage.desk.api.orders import CHANGE, OrdersNamed
from colisage.kit.actors import Actor
from colisage.kit.answers import ResultsOut, read_body, results_of
from colisage.kit.described import described
from colisage.people.queries import Key
from colisage.people.queries.doors import written

router = Router(tags=["changes"])
_NAMED: Final = msgspec.json.Decoder(OrdersNamed)
_SENT: Final[dict[str, Any]] = {"body": OrdersNamed, "scope": CHANGE, "headers": ("Idempotency-Key",)}


@router.post(
    "/orders/merge",
    operation_id="merge_orders",
    auth=None,
    openapi_extra=described(ResultsOut, example={"orders": [1042, 1043]}, **_SENT),
)
def post_merge(request: HttpRequest) -> HttpResponse:
    """Send orders of one customer to one address in one parcel: `merged`, `unchanged` (they go so) or `refused`.

    They are sorted into groups of one customer and address; each group is done as a whole or not at all. Each order
    keeps its own lines and hears of its own shipment.
    """
    sent = read_body(request, _NAMED).orders

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 200, results_of(sent, join_each(key.merchant_id, sent, actor=actor), done="merged")

    return written(request, scope=CHANGE, answer=answer)


@router.post(
    "/orders/unmerge",
    operation_id="unmerge_orders",
    auth=None,
    openapi_extra=described(ResultsOut, example={"orders": [1043]}, **_SENT),
)
def post_unmerge(request: HttpRequest) -> HttpResponse:
    """Let orders go in parcels of their own again: `unmerged`, `unchanged` (it goes alone) or `refused`.

    The others of the parcel stay together. Once something of it is picked it is too late.
    """
    sent = read_body(request, _NAMED).orders

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 200, results_of(sent, separate_each(key.merchant_id, sent, actor=actor), done="unmerged")

    return written(request, scope=CHANGE, answer=answer)
