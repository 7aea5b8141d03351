"""The JSON doors of plans of counts: read with the bins they make due, written, and acted on now."""

from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from msgspec import Meta, Struct
from ninja import Router

from colisage.inventory.actions.plan_counts import plan_counts
from colisage.inventory.actions.save_plans_named import SaidPlan, save_plans_named
from colisage.inventory.api.stock import CORRECTING, SCOPE
from colisage.inventory.models import CountPlan
from colisage.inventory.queries.count_plans import due_bins, plan_at, plans_at
from colisage.inventory.queries.plans_told import DueBinsOut, PlanOut, PlansOut, due_told, plans_told
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    DoneOut,
    ResultsOut,
    expect,
    given,
    known_id,
    known_parameters,
    read_body,
    results_named,
    there,
)
from colisage.kit.described import described
from colisage.kit.errors import Refused
from colisage.people.queries import Key, own_operators
from colisage.people.queries.doors import behind_key, written

router = Router(tags=["counts"])
Bins = Annotated[int, Meta(ge=1, le=1_000)]
Days = Annotated[int, Meta(ge=1, le=3_650)]


class PlanChangeIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """How many bins a day, and after how many days bins of a class are due again: A no later than B, B than C."""

    bins_a_day: Bins
    a_days: Days = 30
    b_days: Days = 90
    c_days: Days = 180
    active: bool = True


class PlanIn(PlanChangeIn, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A plan of a node, by class (`abc`) or by `risk`: there is one of each at most."""

    node: Annotated[str, Meta(min_length=1, max_length=20)]
    method: Literal["abc", "risk"]


class PlansIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Plans, each as a whole and judged by itself."""

    plans: Annotated[list[PlanIn], Meta(min_length=1, max_length=100)]


_PLANS: Final = msgspec.json.Decoder(PlansIn)
_CHANGE: Final = msgspec.json.Decoder(PlanChangeIn)


@router.get(
    "/stock/count-plans",
    operation_id="list_count_plans",
    auth=None,
    openapi_extra=described(PlansOut, scope=SCOPE, headers=("If-None-Match",)),
)
def list_plans(request: HttpRequest) -> HttpResponse:
    """List the plans of counts in warehouses that work for you alone. Of others their operators decide."""
    known_parameters(request)
    with behind_key(request, scope=SCOPE) as key:
        return given(request, PlansOut(items=plans_told(plans_at(own_operators(key.merchant_id)))))


@router.get(
    "/stock/count-plans/{int:plan_id}",
    operation_id="get_count_plan",
    auth=None,
    openapi_extra=described(PlanOut, scope=SCOPE, refusals=(404,), headers=("If-None-Match",)),
)
def get_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Give a plan of counts."""
    known_parameters(request)
    with behind_key(request, scope=SCOPE) as key:
        return given(request, plans_told([_found(key, known_id(plan_id))])[0])


def _found(key: Key, plan_id: int, *, locked: bool = False) -> CountPlan:
    return there(plan_at(own_operators(key.merchant_id), plan_id=plan_id, locked=locked))


@router.get(
    "/stock/count-plans/{int:plan_id}/due",
    operation_id="list_due_bins",
    auth=None,
    openapi_extra=described(DueBinsOut, scope=SCOPE, refusals=(404,), headers=("If-None-Match",)),
)
def list_due(request: HttpRequest, plan_id: int) -> HttpResponse:
    """List the bins that a plan makes due now, and why each."""
    known_parameters(request)
    with behind_key(request, scope=SCOPE) as key:
        due = due_bins(_found(key, known_id(plan_id)), now=timezone.now())
        return given(request, DueBinsOut(items=due_told(due)))


@router.post(
    "/stock/count-plans",
    operation_id="save_count_plans",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=PlansIn,
        scope=CORRECTING,
        headers=("Idempotency-Key",),
        example={"plans": [{"node": "LYON", "method": "abc", "bins_a_day": 10, "a_days": 30}]},
    ),
)
def post_plans(request: HttpRequest) -> HttpResponse:
    """Make plans, or change those of the same node and method, each judged by itself: `saved` or `refused`.

    In a warehouse that works for others too its operator decides (`not_your_floor`).
    """
    sent = read_body(request, _PLANS).plans

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        said = [_said(one, node=one.node, method=one.method) for one in sent]
        became = save_plans_named(key.merchant_id, said, actor=actor)
        return 200, results_named([one.node for one in sent], became, done="saved")

    return written(request, scope=CORRECTING, answer=answer)


def _said(sent: PlanChangeIn, *, node: str, method: str) -> SaidPlan:
    return SaidPlan(
        node=node, method=method, bins_a_day=sent.bins_a_day, every=(sent.a_days, sent.b_days, sent.c_days),
        active=sent.active,
    )  # fmt: skip


@router.put(
    "/stock/count-plans/{int:plan_id}",
    operation_id="replace_count_plan",
    auth=None,
    openapi_extra=described(
        PlanOut,
        body=PlanChangeIn,
        scope=CORRECTING,
        refusals=(404, 412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example={"bins_a_day": 15, "a_days": 30, "b_days": 90, "c_days": 180, "active": True},
    ),
)
def put_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Replace a plan, if it still is as it was read (`If-Match`). Its node and its method stay."""
    sent = read_body(request, _CHANGE)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        plan = _found(key, known_id(plan_id), locked=True)
        expect(request, plans_told([plan])[0])
        [became] = save_plans_named(
            key.merchant_id, [_said(sent, node=plan.node.code, method=plan.method)], actor=actor
        )
        if isinstance(became, Refused):
            raise became
        return 200, plans_told([_found(key, plan_id)])[0]

    return written(request, scope=CORRECTING, answer=answer)


@router.post(
    "/stock/count-plans/{int:plan_id}/run",
    operation_id="run_count_plan",
    auth=None,
    openapi_extra=described(DoneOut, scope=CORRECTING, refusals=(404,), headers=("Idempotency-Key",)),
)
def post_run(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Choose the bins of a plan now, without waiting for the next day: `asked`, and `id` is that of the count.

    `nothing_due` when every bin was counted in its time or waits for its count, or when the plan is not in use.
    """

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        made = plan_counts([_found(key, known_id(plan_id)).pk], actor=actor, again=True)
        return 200, DoneOut(outcome="asked", id=made[0]) if made else DoneOut(outcome="nothing_due")

    return written(request, scope=CORRECTING, answer=answer)
