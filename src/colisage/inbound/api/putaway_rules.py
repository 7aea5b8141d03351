"""The JSON doors of how bins are chosen, what zones are made for, and how much more than ordered is taken in."""

from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Router

from colisage.inbound.actions.lock_dock_policy import lock_dock_policy
from colisage.inbound.actions.save_dock_policy import save_dock_policy
from colisage.inbound.actions.save_putaway_rules import save_putaway_rules
from colisage.inbound.queries.dock import over_percent_of
from colisage.inbound.queries.shelving_told import (
    DockPolicyOut,
    PutawayRulesListOut,
    PutawayRulesOut,
    ZonesOut,
    rules_told,
    zones_told,
)
from colisage.inbound.rules.putaway import Rule
from colisage.kit.actors import Actor
from colisage.kit.answers import expect, given, known_parameters, read_body, there
from colisage.kit.described import described
from colisage.network.actions.equip_named import equip_named
from colisage.network.queries import Serving
from colisage.network.queries.floors import floors_of
from colisage.network.queries.nodes import node_of
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "inbound:read"
WRITE: Final = "inbound:write"
router = Router(tags=["putaway"])
Kind = Literal[
    "storage", "capacity", "cross_dock", "same_lot", "same_sku", "alone", "lot_alone", "fast_near", "empty", "near"
]


class PutawayRuleIn(Struct, forbid_unknown_fields=True, frozen=True):
    """What is looked at. Of `storage` and `capacity` every bin must comply, whatever is said."""

    kind: Kind
    must: bool = False


class PutawayRulesIn(Struct, forbid_unknown_fields=True, frozen=True):
    """The rules of a node in their order, each once; none: the usual ones hold again."""

    rules: Annotated[list[PutawayRuleIn], Meta(max_length=20)]


class ZoneIn(Struct, forbid_unknown_fields=True, frozen=True):
    """A zone that stores, and what its bins are made for: a storage type, or nothing special."""

    zone: Annotated[str, Meta(min_length=1, max_length=20)]
    storage: Annotated[str, Meta(max_length=20)] = ""


class ZonesIn(Struct, forbid_unknown_fields=True, frozen=True):
    """What zones are made for (those left out stay), and all bins in which goods wait that go first."""

    zones: Annotated[list[ZoneIn], Meta(max_length=500)]
    cross_dock: Annotated[list[Annotated[str, Meta(min_length=1, max_length=30)]], Meta(max_length=1_000)]


class DockPolicyIn(Struct, forbid_unknown_fields=True, frozen=True):
    """How many per cent more than ordered are taken in without a question; beyond, somebody counts again."""

    over_percent: Annotated[int, Meta(ge=0, le=100)]


_RULES: Final = msgspec.json.Decoder(PutawayRulesIn)
_ZONES: Final = msgspec.json.Decoder(ZonesIn)
_POLICY: Final = msgspec.json.Decoder(DockPolicyIn)


@router.get(
    "/inbound/put-away/rules",
    operation_id="list_putaway_rules",
    auth=None,
    openapi_extra=described(PutawayRulesListOut, scope=READ, headers=("If-None-Match",)),
)
def list_rules(request: HttpRequest) -> HttpResponse:
    """List by which rules bins are chosen at the nodes that serve you, in their order."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        nodes = list(floors_of(key.merchant_id).serving.values())
        return given(request, PutawayRulesListOut(items=rules_told(nodes)))


@router.get(
    "/inbound/put-away/rules/{node}",
    operation_id="get_putaway_rules",
    auth=None,
    openapi_extra=described(PutawayRulesOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_rules(request: HttpRequest, node: str) -> HttpResponse:
    """Give the rules of a node, by its code."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, rules_told([_serving(key, node)])[0])


def _serving(key: Key, code: str) -> Serving:
    return there(floors_of(key.merchant_id).serving.get(code.strip().upper()))


def _own(key: Key, code: str) -> Serving:
    """Give a node whose floor is the merchant's own, locked."""
    at = floors_of(key.merchant_id).called(code)
    there(node_of([at.operator_id], node_id=at.node_id, locked=True))
    return at


@router.put(
    "/inbound/put-away/rules/{node}",
    operation_id="replace_putaway_rules",
    auth=None,
    openapi_extra=described(
        PutawayRulesOut,
        body=PutawayRulesIn,
        scope=WRITE,
        refusals=(403, 404, 412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example={"rules": [{"kind": "storage"}, {"kind": "capacity"}, {"kind": "same_sku"}, {"kind": "near"}]},
    ),
)
def put_rules(request: HttpRequest, node: str) -> HttpResponse:
    """Replace the rules of a node, if they still are as they were read (`If-Match`). What is on its way follows them.

    In a warehouse that works for others too its operator decides (`not_your_floor`).
    """
    sent = read_body(request, _RULES).rules

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        at = _own(key, node)
        expect(request, rules_told([at])[0])
        rules = [Rule(one.kind, must=one.must) for one in sent]
        save_putaway_rules(at.operator_id, node_id=at.node_id, rules=rules, actor=actor)
        return 200, rules_told([at])[0]

    return written(request, scope=WRITE, answer=answer)


@router.get(
    "/inbound/put-away/zones/{node}",
    operation_id="get_storage_zones",
    auth=None,
    openapi_extra=described(ZonesOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_zones(request: HttpRequest, node: str) -> HttpResponse:
    """Say what the zones of a node are made for, and in which bins goods wait that go first."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, zones_told(_serving(key, node)))


@router.put(
    "/inbound/put-away/zones/{node}",
    operation_id="equip_storage_zones",
    auth=None,
    openapi_extra=described(
        ZonesOut,
        body=ZonesIn,
        scope=WRITE,
        refusals=(403, 404, 409, 412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example={"zones": [{"zone": "A", "storage": "cold"}], "cross_dock": ["A-01-1"]},
    ),
)
def put_zones(request: HttpRequest, node: str) -> HttpResponse:
    """Say what zones of a node are made for and which bins hold what goes first, as it was read (`If-Match`)."""
    sent = read_body(request, _ZONES)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        at = _own(key, node)
        expect(request, zones_told(at))
        zones = {one.zone: one.storage for one in sent.zones}
        equip_named(at, zones=zones, cross_dock=sent.cross_dock, actor=actor)
        return 200, zones_told(at)

    return written(request, scope=WRITE, answer=answer)


@router.get(
    "/inbound/dock-policy",
    operation_id="get_dock_policy",
    auth=None,
    openapi_extra=described(DockPolicyOut, scope=READ, headers=("If-None-Match",)),
)
def get_policy(request: HttpRequest) -> HttpResponse:
    """Say how many per cent more than ordered are taken in without a question."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, DockPolicyOut(over_percent=over_percent_of(key.merchant_id)))


@router.put(
    "/inbound/dock-policy",
    operation_id="replace_dock_policy",
    auth=None,
    openapi_extra=described(
        DockPolicyOut,
        body=DockPolicyIn,
        scope=WRITE,
        refusals=(412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example={"over_percent": 5},
    ),
)
def put_policy(request: HttpRequest) -> HttpResponse:
    """Say how many per cent more than ordered are taken in without a question, as it was read (`If-Match`)."""
    sent = read_body(request, _POLICY)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        expect(request, DockPolicyOut(over_percent=lock_dock_policy(key.merchant_id).over_percent))
        save_dock_policy(key.merchant_id, over_percent=sent.over_percent, actor=actor)
        return 200, DockPolicyOut(over_percent=sent.over_percent)

    return written(request, scope=WRITE, answer=answer)
