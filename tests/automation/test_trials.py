"""The trial of rules on past orders tells what really happens: proved with rules and orders nobody thought of."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colisage.automation.actions.apply_rules import apply_rules
from colisage.automation.actions.save_rule import BadRule, save_rule
from colisage.automation.actions.switch_rule import switch_rule
from colisage.automation.models import Rule, RuleRun
from colisage.automation.queries import raw_of
from colisage.automation.queries.trials import tried, try_rule
from colisage.automation.rules.facts import FACTS, OPS
from colisage.automation.rules.shape import plan_of
from colisage.kit.actors import SYSTEM
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import Order
from colisage.orders.queries.latest import latest_orders
from tests.cast import CAMILLE, World

TEXTS = [
    "FR",
    "CH",
    "75",
    "Paris",
    "paid",
    "pending",
    "MUG",
    "CARTE",
    "unit",
    "vip",
    "shop",
    "fr",
    "en",
    "EUR",
    "example.com",
    "x",
]
KNOWN = {"channel": ["shop"], "language": ["fr", "en"], "payment": ["paid", "pending"], "sku_kind": ["unit", "bundle"]}


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(st.sampled_from(sorted(set(FACTS) - {"node"})))
    fact = FACTS[name]
    told: dict[str, Any] = {"fact": name, "op": draw(st.sampled_from(OPS[fact.kind])), "value": None}
    if fact.kind in {"amount", "number"}:
        told["value"] = draw(st.integers(0, 6) | st.integers(0, 30_000))
        return {**told, "currency": draw(st.sampled_from(["EUR", "CHF"]))} if fact.kind == "amount" else told
    if fact.kind != "yes":
        told["value"] = draw(st.lists(st.sampled_from(KNOWN.get(fact.choices, TEXTS)), min_size=1, max_size=3))
    return told


EFFECTS = st.sampled_from(
    [{"does": "tag", "tag": "vip"}, {"does": "untag", "tag": "vip"}, {"does": "hold", "kind": "risk", "reason": "Look"}]
)
RULES = st.fixed_dictionaries(
    {
        "name": st.just("Drawn"), "moments": st.just(["accepted"]), "mode": st.sampled_from(["all", "any"]),
        "conditions": st.lists(conditions(), max_size=3), "effects": st.lists(EFFECTS, min_size=1, max_size=2),
        "stops": st.booleans(),
    }
)  # fmt: skip
ORDERS = st.fixed_dictionaries(
    {
        "wants": st.lists(
            st.tuples(st.sampled_from(["MUG", "CARTE", "COFFRET"]), st.integers(1, 3)), min_size=1, max_size=2
        ),
        "currency": st.sampled_from(["EUR", "CHF"]), "payment": st.sampled_from(["paid", "pending"]),
        "email": st.sampled_from(["a@example.com", "b@other.org", ""]), "language": st.sampled_from(["fr", "en"]),
        "tags": st.sampled_from([(), ("VIP",)]), "gift_note": st.sampled_from(["", "Bravo"]),
        "ship_to": st.sampled_from([CAMILLE, {**CAMILLE, "country": "CH", "company": "Lac SA"}, None]),
    }
)  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example is undone
@given(rules=st.lists(RULES, min_size=1, max_size=4), orders=st.lists(ORDERS, min_size=1, max_size=5))
def test_what_is_tried_is_what_happens(world: World, rules: list[dict[str, Any]], orders: list[dict[str, Any]]) -> None:
    with transaction.atomic():
        before = [_order(world, order) for order in orders]
        kept = []
        for raw in rules:
            try:
                kept.append(save_rule(world.tilleul.pk, raw=raw, actor=SYSTEM))
            except BadRule:  # conditions that no order can meet
                continue
        rows = Rule.objects.filter(pk__in=kept).order_by("position")
        plans = [plan_of(raw_of(row), rule_id=row.pk) for row in rows]
        latest = latest_orders(world.tilleul.pk, most=len(before))
        expected = {(match.plan.id, match.order_id) for match in tried(plans, orders=latest)}
        for pk in kept:
            switch_rule(world.tilleul.pk, rule_id=pk, state="on", actor=SYSTEM)
        each = {
            pk: {m.order_id for _o, m in try_rule(Rule.objects.get(pk=pk), last=len(before)).matches} for pk in kept
        }
        apply_rules(dict.fromkeys(before, world.tilleul.pk), moment="accepted")
        assert set(RuleRun.objects.filter(order__in=before).values_list("rule_id", "order_id")) == expected
        assert {(pk, order) for pk, found in each.items() for order in found} == expected
        transaction.set_rollback(True)


def _order(world: World, drawn: dict[str, Any]) -> int:
    changes = {name: value for name, value in drawn.items() if name != "wants"}
    [answer] = place_orders([world.order(*drawn["wants"], **changes)], actor=SYSTEM)
    assert answer.order_id is not None
    return answer.order_id


@pytest.mark.django_db
def test_a_trial_writes_nothing(world: World) -> None:
    _order(world, {"wants": [("MUG", 1)]})
    raw = {"name": "All", "moments": ["accepted"], "mode": "all", "conditions": [], "stops": False}
    rule = save_rule(world.tilleul.pk, raw={**raw, "effects": [{"does": "tag", "tag": "x"}]}, actor=SYSTEM)
    assert len(try_rule(Rule.objects.get(pk=rule), last=100).matches) == 1
    assert not RuleRun.objects.exists()
    assert Order.objects.get().tags == []
