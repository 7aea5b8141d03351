"""The JSON door of a recall: what has not left is stopped."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from msgspec import Struct
from ninja import Router

from colisage.desk.actions.stop_unshipped import stop_unshipped
from colisage.desk.api.orders import CHANGE
from colisage.desk.queries.recall import trace_of
from colisage.kit.actors import Actor
from colisage.kit.answers import known_id, known_parameters, there
from colisage.kit.described import described
from colisage.people.queries import Key
from colisage.people.queries.doors import written

router = Router(tags=["lots"])


class StoppedOut(Struct, frozen=True, kw_only=True):
    """How many orders were stopped; those that were stopped before are not counted again."""

    stopped: int


@router.post(
    "/stock/lots/{int:lot_id}/stop",
    operation_id="stop_unshipped",
    auth=None,
    openapi_extra=described(StoppedOut, scope=CHANGE, refusals=(404,), headers=("Idempotency-Key",)),
)
def post_stop(request: HttpRequest, lot_id: int) -> HttpResponse:
    """Hold every order with units of a lot that has not left, also inside kits and own production.

    Nothing of these orders is labelled or handed over until their holds are released.
    """
    known_parameters(request)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        trace = there(trace_of([key.merchant_id], lot_id=known_id(lot_id)))
        return 200, StoppedOut(stopped=stop_unshipped(key.merchant_id, trace=trace, actor=actor))

    return written(request, scope=CHANGE, answer=answer)
