"""Rules as sentences, in the active language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from colisage.automation.rules.effects import EFFECTS, INSTRUCTIONS
from colisage.automation.rules.facts import FACTS, OP_WORDS, Condition
from colisage.automation.rules.judging import MOMENTS
from colisage.automation.rules.shape import condition_of
from colisage.boxing.queries import box_types_of
from colisage.carriers.queries.cards import services_seen
from colisage.network.queries import nodes_serving
from colisage.network.queries.channels import channels_page
from colisage.orders.queries.holds import KINDS_BY_HAND
from colisage.orders.queries.instructions import Contest, contest_words
from colisage.people.queries import operators_serving
from colisage.ui import words

Choices = Mapping[str, Mapping[str, str]]  # by the name of a list: value -> words


def choices_of(merchant_id: int) -> Choices:
    """Give the lists from which values of conditions and effects are chosen."""
    operators = operators_serving([merchant_id])
    return {
        "channel": {c.code: c.name for c in channels_page([merchant_id], size=500)},
        "node": {n.code: n.name for n in nodes_serving([merchant_id])[merchant_id]},
        "payment": {
            "paid": _("paid"), "authorized": _("authorised"), "pending": _("pending"), "refunded": _("refunded"),
            "unknown": _("unknown"),
        },
        "language": {"fr": _("French"), "en": _("English")},
        "sku_kind": {"unit": _("unit"), "bundle": _("bundle"), "kit": _("kit")},
        "priority": {"10": _("before the others"), "20": _("first of all")},
        "packaging": {b.code: b.name for boxes in box_types_of(operators).values() for b in boxes},
        "service": services_seen(operators),
        "hold": {str(value): str(label) for value, label in KINDS_BY_HAND},
    }  # fmt: skip


def condition_words(condition: Condition, *, choices: Choices) -> str:
    """Say a condition: “total over 500.00 EUR”."""
    fact = FACTS.get(condition.fact)
    if fact is None:  # told by an older version
        return condition.fact
    places = {"fact": fact.words, "op": OP_WORDS.get(condition.op, condition.op), "value": _value(condition, choices)}
    if fact.kind == "yes":
        return str(fact.words) if condition.op == "yes" else _("it is not true that: %(fact)s") % places
    return _("%(fact)s %(op)s %(value)s") % places


def _value(condition: Condition, choices: Choices) -> str:
    fact = FACTS[condition.fact]
    if isinstance(condition.value, tuple):
        known = choices.get(fact.choices, {})
        few = [known.get(text, text) for text in condition.value[:6]]
        said = _(" or ").join([", ".join(few[:-1]), few[-1]] if len(few) > 1 else few)
        more = len(condition.value) - len(few)
        return _("%(some)s and %(n)s more") % {"some": ", ".join(few), "n": more} if more else said
    if fact.kind == "amount":
        return words.money(condition.value, currency=condition.currency)
    return f"{words.count(condition.value)} {fact.unit}".strip() if isinstance(condition.value, int) else ""


def effect_words(effect: Mapping[str, Any], *, choices: Choices) -> str:
    """Say an effect: “hold (risk): look at it”."""
    known = EFFECTS.get(effect["does"])
    if known is None:
        return str(effect["does"])
    told = {
        name: choices.get(part.choices, {}).get(effect.get(name, ""), effect.get(name, ""))
        for name, part in known.parts.items()
    }
    return str(known.says) % told


def because_words(conditions: Sequence[Condition], *, choices: Choices, either: bool = False) -> str:
    """Say why a rule acts, or (`either`) which of its conditions is enough."""
    if not conditions:
        return _("it looks at every order")
    return (_(" or ") if either else _(" and ")).join(condition_words(one, choices=choices) for one in conditions)


def effects_words(
    effects: Sequence[Mapping[str, Any]], *, choices: Choices, contests: Mapping[str, Contest] | None = None
) -> str:
    """Say what a rule does, and of what others asked otherwise (`contests`) whether it counts."""
    between = pgettext("between things that a rule does", "; ")
    return between.join(effect_words(effect, choices=choices) + _standing(effect, contests or {}) for effect in effects)


def _standing(effect: Mapping[str, Any], contests: Mapping[str, Contest]) -> str:
    kind = effect["does"]
    value = str(effect.get(INSTRUCTIONS.get(kind, ""), ""))
    said = contest_words(contests, kind=kind, value=value)
    return f" ({said})" if said else ""


def moments_words(moments: Sequence[str]) -> str:
    """Say when a rule looks at orders."""
    return _(" or ").join(str(said) for moment, said in MOMENTS.items() if moment in moments)


def run_words(
    name: str,
    *,
    because: Sequence[Mapping[str, Any]],
    effects: Sequence[Any],
    choices: Choices,
    contests: Mapping[str, Contest],
) -> str:
    """Say what a rule did and why: “Rule “Swiss”: because country of delivery is CH: hold (risk): …”."""
    reasons = because_words([condition_of(one) for one in because], choices=choices)
    places = {"name": name, "because": reasons, "did": effects_words(effects, choices=choices, contests=contests)}
    return _("Rule “%(name)s”: because %(because)s: %(did)s") % places
