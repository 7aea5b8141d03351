"""The JSON doors of the merchant's rules: read, written, switched, tried on past orders."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router, Schema

from colisage.automation.actions.move_rule import move_rule
from colisage.automation.actions.save_rule import BadRule, save_rule
from colisage.automation.actions.switch_rule import switch_rule
from colisage.automation.models import Rule
from colisage.automation.queries import is_sound, raw_of, rule_of, rules_page
from colisage.automation.queries.trials import try_rule
from colisage.automation.queries.wording import because_words, choices_of
from colisage.automation.rules.effects import EFFECTS
from colisage.automation.rules.facts import FACTS, OPS
from colisage.automation.rules.judging import MOMENTS
from colisage.kit.actors import Actor
from colisage.kit.answers import DoneOut, OnIn, expect, given, known_id, known_parameters, read_body, there
from colisage.kit.described import described
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "rules:read"
WRITE: Final = "rules:write"
SHOWN: Final = 200
router = Router(tags=["rules"])
Words = Annotated[str, Meta(max_length=200)]


class ConditionIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One question about an order. `fact` and `op` are those of `get_rule_words`; amounts in cents of `currency`."""

    fact: Words
    op: Words
    value: int | list[Words] | None = None
    currency: Annotated[str, Meta(max_length=3)] = ""


class RuleIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A rule: when it looks, which conditions hold (`all`, or `any` of them), what it does.

    An effect is what it `does` (see `get_rule_words`) with its parts. `stops`: the rules behind do not look at an order
    on which it acted.
    """

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    moments: Annotated[list[Words], Meta(min_length=1, max_length=10)]
    conditions: Annotated[list[ConditionIn], Meta(max_length=20)]
    effects: Annotated[list[dict[str, Annotated[str, Meta(max_length=2_000)]]], Meta(min_length=1, max_length=10)]
    mode: Literal["all", "any"] = "all"
    stops: bool = False


class RuleOut(Struct, frozen=True, kw_only=True):
    """A rule. `state` is on or off; one that is not `sound` names what is not known any more, and does nothing."""

    id: int
    position: int
    state: str
    sound: bool
    name: str
    moments: list[str]
    mode: str
    conditions: list[dict[str, Any]]
    effects: list[dict[str, Any]]
    stops: bool
    changed_at: datetime


class RulesOut(Struct, frozen=True, kw_only=True):
    """All rules in the order in which they look at orders: at most a hundred, and `next` is always null."""

    items: list[RuleOut]
    next: None = None


class MoveIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Whether a rule looks one place earlier (`up`) or later."""

    to: Literal["up", "down"]


class TrialAsked(Schema):
    """On how many of the latest orders a rule is tried."""

    last: Literal["100", "500", "2000"] = "500"


class MatchOut(Struct, frozen=True, kw_only=True):
    """An order on which the rule would have acted, and why."""

    order_id: int
    number: str
    because: str


class PutInOut(Struct, frozen=True, kw_only=True):
    """Units of a SKU that the rule would have put into parcels, and how many are free now, at all nodes."""

    sku: str
    units: int
    free: int


class TrialOut(Struct, frozen=True, kw_only=True):
    """What a rule would have done: orders looked at, on how many it would have acted, and the latest 200 of these."""

    looked_at: int
    matched: int
    items: list[MatchOut]
    inserts: list[PutInOut]


class FactOut(Struct, frozen=True, kw_only=True):
    """Something a condition asks for. `choices` are the values it may have; empty where they are free."""

    name: str
    words: str
    kind: str
    ops: list[str]
    choices: list[str]


class EffectOut(Struct, frozen=True, kw_only=True):
    """Something a rule does, with its parts and the values each may have; empty where they are free."""

    does: str
    words: str
    parts: dict[str, list[str]]


class RuleWordsOut(Struct, frozen=True, kw_only=True):
    """What rules are made of."""

    moments: list[str]
    facts: list[FactOut]
    effects: list[EffectOut]


_RULE: Final = msgspec.json.Decoder(RuleIn)
_ON: Final = msgspec.json.Decoder(OnIn)
_MOVE: Final = msgspec.json.Decoder(MoveIn)
_READ: Final[dict[str, Any]] = {"scope": READ, "headers": ("If-None-Match",)}
_SENT: Final[dict[str, Any]] = {"scope": WRITE, "headers": ("Idempotency-Key",)}
_EXAMPLE: Final = {
    "name": "Switzerland by hand",
    "moments": ["accepted"],
    "conditions": [{"fact": "country", "op": "in", "value": ["CH"]}],
    "effects": [{"does": "tag", "tag": "customs"}],
}


def _told(rule: Rule) -> RuleOut:
    plain = {name: getattr(rule, name) for name in ("position", "state", "changed_at")}
    raw: dict[str, Any] = raw_of(rule)
    return RuleOut(id=rule.pk, sound=is_sound(rule), **plain, **raw)


def _found(key: Key, rule_id: int, *, locked: bool = False) -> Rule:
    return there(rule_of(key.merchant_id, rule_id=known_id(rule_id), locked=locked))


def _raw(sent: RuleIn) -> dict[str, Any]:
    """Give a rule as the action takes it; of an effect only the parts that it has."""
    effects = [
        {"does": effect.get("does", "")}
        | {name: effect[name] for name in (EFFECTS[effect["does"]].parts if effect.get("does") in EFFECTS else ())
           if name in effect}
        for effect in sent.effects
    ]  # fmt: skip
    conditions = [msgspec.structs.asdict(one) for one in sent.conditions]
    return {**msgspec.structs.asdict(sent), "conditions": conditions, "effects": effects}


def _kept(key: Key, sent: RuleIn, *, actor: Actor, rule_id: int | None = None) -> RuleOut:
    try:
        return _told(_found(key, save_rule(key.merchant_id, raw=_raw(sent), rule_id=rule_id, actor=actor)))
    except BadRule as refusal:
        refusal.faults = [{"pointer": _pointer(fault.where), "detail": str(fault)} for fault in refusal.found]
        raise


def _pointer(where: str) -> str:
    """Give the place of a fault as a JSON pointer."""
    rows = {"c": "conditions", "e": "effects"}
    if where[:1] in rows and where[1:].isdecimal():
        return f"/{rows[where[:1]]}/{where[1:]}"
    return f"/{where}" if where else ""


@router.get("/rules", operation_id="list_rules", auth=None, openapi_extra=described(RulesOut, **_READ))
def list_rules(request: HttpRequest) -> HttpResponse:
    """List the rules in the order in which they look at orders."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, RulesOut(items=[_told(row.rule) for row in rules_page(key.merchant_id)]))


@router.get("/rules/words", operation_id="get_rule_words", auth=None, openapi_extra=described(RuleWordsOut, **_READ))
def get_words(request: HttpRequest) -> HttpResponse:
    """Say what rules are made of: when they look, the facts they ask for, what they do, and the values of each."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        choices = choices_of(key.merchant_id)
        facts = [
            FactOut(name=name, words=str(one.words), kind=one.kind, ops=list(OPS[one.kind]),
                    choices=list(choices[one.choices]) if one.choices else [])
            for name, one in FACTS.items()
        ]  # fmt: skip
        effects = [
            EffectOut(does=name, words=str(one.words), parts={
                part: list(choices[told.choices]) if told.choices else [] for part, told in one.parts.items()})
            for name, one in EFFECTS.items()
        ]  # fmt: skip
        return given(request, RuleWordsOut(moments=list(MOMENTS), facts=facts, effects=effects))


@router.get(
    "/rules/{int:rule_id}",
    operation_id="get_rule",
    auth=None,
    openapi_extra=described(RuleOut, refusals=(404,), **_READ),
)
def get_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Give a rule."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _told(_found(key, rule_id)))


@router.post(
    "/rules",
    operation_id="make_rule",
    auth=None,
    openapi_extra=described(RuleOut, body=RuleIn, status=201, refusals=(409,), example=_EXAMPLE, **_SENT),
)
def post_rule(request: HttpRequest) -> HttpResponse:
    """Write a rule, the last and switched off: try it, then switch it on. `errors` say all that is wrong with one."""
    sent = read_body(request, _RULE)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 201, _kept(key, sent, actor=actor)

    return written(request, scope=WRITE, answer=answer)


@router.put(
    "/rules/{int:rule_id}",
    operation_id="replace_rule",
    auth=None,
    openapi_extra=described(
        RuleOut,
        body=RuleIn,
        scope=WRITE,
        refusals=(404, 412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example=_EXAMPLE,
    ),
)
def put_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Replace a rule, if it still is as it was read (`If-Match`). One that is on goes on with its new wording."""
    sent = read_body(request, _RULE)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        expect(request, _told(_found(key, rule_id, locked=True)))
        return 200, _kept(key, sent, actor=actor, rule_id=rule_id)

    return written(request, scope=WRITE, answer=answer)


@router.api_operation(
    ["DELETE"],
    "/rules/{int:rule_id}",
    operation_id="remove_rule",
    auth=None,
    openapi_extra=described(DoneOut, refusals=(404,), **_SENT),
)
def delete_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Remove a rule; what it did stays."""

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        switch_rule(key.merchant_id, rule_id=known_id(rule_id), state="removed", actor=actor)
        return 200, DoneOut(outcome="removed", id=rule_id)

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/rules/{int:rule_id}/switch",
    operation_id="switch_rule",
    auth=None,
    openapi_extra=described(RuleOut, body=OnIn, refusals=(404, 409), example={"on": True}, **_SENT),
)
def post_switch(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Switch a rule on, from the next order on, or off."""
    sent = read_body(request, _ON)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        switch_rule(key.merchant_id, rule_id=known_id(rule_id), state="on" if sent.on else "off", actor=actor)
        return 200, _told(_found(key, rule_id))

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/rules/{int:rule_id}/move",
    operation_id="move_rule",
    auth=None,
    openapi_extra=described(RuleOut, body=MoveIn, refusals=(404,), example={"to": "up"}, **_SENT),
)
def post_move(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Let a rule look at orders one place earlier or later; at the end of the list it stays."""
    sent = read_body(request, _MOVE)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        move_rule(key.merchant_id, rule_id=known_id(rule_id), up=sent.to == "up", actor=actor)
        return 200, _told(_found(key, rule_id))

    return written(request, scope=WRITE, answer=answer)


@router.get(
    "/rules/{int:rule_id}/trial",
    operation_id="try_rule",
    auth=None,
    openapi_extra=described(TrialOut, scope=READ, refusals=(404,)),
)
def get_trial(request: HttpRequest, rule_id: int, asked: Query[TrialAsked]) -> HttpResponse:
    """Say what a rule, on or off, would have done with the latest orders; nothing is done."""
    known_parameters(request, TrialAsked)
    with behind_key(request, scope=READ) as key:
        rule = _found(key, rule_id)
        done, choices = try_rule(rule, last=int(asked.last)), choices_of(key.merchant_id)
        items = [
            MatchOut(order_id=order.pk, number=order.number, because=because_words(match.because, choices=choices))
            for order, match in done.matches[:SHOWN]
        ]
        inserts = [PutInOut(sku=one.sku, units=one.units, free=one.free) for one in done.inserts]
        told = TrialOut(looked_at=done.looked_at, matched=len(done.matches), items=items, inserts=inserts)
        return given(request, told)
