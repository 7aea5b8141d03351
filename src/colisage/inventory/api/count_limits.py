"""The JSON doors of how far counts may be from the books, and of how right these were."""

from datetime import timedelta
from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from msgspec import Meta, Struct
from ninja import Query, Router, Schema
from pydantic import Field

from colisage.inventory.actions.save_limits_named import SaidLimits, save_limits_named
from colisage.inventory.api.stock import CORRECTING, SCOPE
from colisage.inventory.queries.accuracy import accuracy, shrinkage
from colisage.inventory.queries.accuracy_told import NumbersOut, numbers_told
from colisage.inventory.queries.counts import LimitsListOut, limits_told, rules_at
from colisage.kit.actors import Actor
from colisage.kit.answers import ResultsOut, given, known_parameters, read_body, results_named
from colisage.kit.described import described
from colisage.network.queries.floors import floors_of
from colisage.people.queries import Key, merchants_by_id
from colisage.people.queries.doors import behind_key, written

router = Router(tags=["counts"])
Units = Annotated[int, Meta(ge=0, le=1_000_000)]


class LimitsIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """How far a count at a node may be from the books, as a whole: of your goods, or (`usual`) without limits of yours.

    Further than `tolerance` units of a SKU, somebody else counts again; above either limit of a bin, the count waits
    for a decision (`decide_count`).
    """

    node: Annotated[str, Meta(min_length=1, max_length=20)]
    tolerance: Units
    limit_units: Units
    limit_cents: Annotated[int, Meta(ge=0, le=10**12)]
    usual: bool = False
    idle_hours: Annotated[int, Meta(ge=1, le=72)] = 8


class LimitsListIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Limits, each judged by itself."""

    limits: Annotated[list[LimitsIn], Meta(min_length=1, max_length=100)]


class NumbersAsked(Schema):
    """Over how many days."""

    days: Annotated[int, Field(ge=1, le=730)] = 90


_LIMITS: Final = msgspec.json.Decoder(LimitsListIn)


@router.get(
    "/stock/count-limits",
    operation_id="list_count_limits",
    auth=None,
    openapi_extra=described(LimitsListOut, scope=SCOPE, headers=("If-None-Match",)),
)
def list_limits(request: HttpRequest) -> HttpResponse:
    """List the limits of counts in warehouses that work for you alone.

    Where none are set: a tolerance of 0, a limit of 10 units and of 10,000 minor units, 8 hours.
    """
    known_parameters(request)
    with behind_key(request, scope=SCOPE) as key:
        rules = rules_at(floors_of(key.merchant_id).own)
        return given(request, limits_told(rules, currency=merchants_by_id({key.merchant_id})[key.merchant_id].currency))


@router.post(
    "/stock/count-limits",
    operation_id="save_count_limits",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=LimitsListIn,
        scope=CORRECTING,
        headers=("Idempotency-Key",),
        example={"limits": [{"node": "LYON", "tolerance": 1, "limit_units": 5, "limit_cents": 5000}]},
    ),
)
def post_limits(request: HttpRequest) -> HttpResponse:
    """Say how far counts may be from the books, node by node, each judged by itself: `saved` or `refused`.

    In a warehouse that works for others too its operator decides (`not_your_floor`).
    """
    sent = read_body(request, _LIMITS).limits

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        said = [SaidLimits(**msgspec.structs.asdict(one)) for one in sent]
        became = save_limits_named(key.merchant_id, said, actor=actor)
        return 200, results_named([one.node for one in sent], became, done="saved")

    return written(request, scope=CORRECTING, answer=answer)


@router.get(
    "/stock/accuracy",
    operation_id="get_accuracy",
    auth=None,
    openapi_extra=described(NumbersOut, scope=SCOPE, headers=("If-None-Match",)),
)
def get_numbers(request: HttpRequest, asked: Query[NumbersAsked]) -> HttpResponse:
    """Say how right the books were where bins were counted, and what went missing, by node and by reason.

    How many bins were right is told of warehouses that work for you alone.
    """
    known_parameters(request, NumbersAsked)
    with behind_key(request, scope=SCOPE) as key:
        floors, since = floors_of(key.merchant_id), timezone.now() - timedelta(days=asked.days)
        ids = [key.merchant_id]
        codes = {one.node_id: one.code for one in floors.serving.values()}
        right = accuracy(list(floors.ids()), merchant_ids=ids, since=since)
        return given(request, numbers_told(right, shrinkage(list(codes), merchant_ids=ids, since=since), codes=codes))
