"""Keeping a rule as it was written, when its shape is right."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.automation.models import Rule
from colisage.automation.problem import insert_faults
from colisage.automation.queries import MOST_RULES, rule_of, wording_mark
from colisage.automation.queries.inserts import skus_named
from colisage.automation.queries.wording import choices_of
from colisage.automation.rules.shape import Fault, condition_told, faults_of, plan_of
from colisage.catalog.queries import SkuFacts
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.marks import expect_seen


class BadRule(Malformed):
    """It does not have the shape of a rule; `found` says what is wrong where."""

    code = "bad_rule"
    text = _("The rule cannot be kept as it stands.")

    def __init__(self, found: list[Fault]) -> None:
        super().__init__()
        self.found = found
        self.faults = [{"pointer": f"/{one.where}", "detail": str(one)} for one in found]


class TooManyRules(Refused):
    """A merchant has so many rules and no more."""

    code = "too_many_rules"
    text = _("There are %(most)s rules already. Remove one first.")


def _spelt(effect: Mapping[str, Any], *, skus: Mapping[str, SkuFacts]) -> dict[str, Any]:
    """Give an effect as data, a SKU as the catalogue spells it."""
    return {**effect, "sku": skus[effect["sku"].strip().upper()].code} if effect["does"] == "insert" else dict(effect)


@transaction.atomic
def save_rule(
    merchant_id: int, *, raw: Mapping[str, Any], actor: Actor, rule_id: int | None = None, seen: str = ""
) -> int:
    """Keep a rule, a new one last and switched off; give its id. One that is on goes on with its new wording.

    Who writes by what a page showed says so with `seen`, the `wording_mark` of then: `SavedMeanwhile` is raised when
    it reads otherwise now. Raises `BadRule` with everything that is wrong, `TooManyRules`, or `NotThere`.
    """
    known = {name: tuple(values) for name, values in choices_of(merchant_id).items()}
    put_in = skus_named(merchant_id, effects=raw.get("effects"))
    found = [*faults_of(raw, known=known), *insert_faults(raw, skus=put_in)]
    if found:
        raise BadRule(found)
    plan = plan_of(raw)
    facts = {
        "name": plan.name,
        "moments": list(plan.moments),
        "mode": plan.mode,
        "conditions": [condition_told(condition) for condition in plan.conditions],
        "effects": [_spelt(effect, skus=put_in) for effect in plan.effects],
        "stops": plan.stops,
        "changed_at": timezone.now(),
    }
    own = Rule.objects.filter(merchant_id=merchant_id).exclude(state="removed")
    if rule_id is None:
        if own.count() >= MOST_RULES:
            raise TooManyRules(most=MOST_RULES)
        last = own.aggregate(last=Max("position"))["last"] or 0
        rule_id = Rule.objects.create(merchant_id=merchant_id, position=last + 1, **facts).pk
        verb = "rule_made"
    else:
        verb = "rule_changed"
        kept = rule_of(merchant_id, rule_id=rule_id, locked=True)
        if kept is None:
            raise NotThere
        expect_seen(seen, wording_mark(kept))
        own.filter(pk=rule_id).update(**facts)
    record_deeds([Deed("rule", rule_id, verb, {}, merchant_id=merchant_id)], actor=actor)
    return rule_id
