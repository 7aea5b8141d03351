"""What a rule has to look like: read from data, with a word for everything that is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.automation.rules.effects import EFFECTS
from colisage.automation.rules.facts import FACTS, OPS, Condition, folded
from colisage.automation.rules.judging import MOMENTS, NODE_KNOWN, Plan

MOST_CONDITIONS: Final = 20
MOST_EFFECTS: Final = 10
MOST_VALUES: Final = 500
LONGEST: Final = 100
MOST_NUMBER: Final = 10**15


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: "" (the rule), name, moments, c0 (a condition), e0 (an effect)."""

    where: str
    text: str | Promise
    places: Mapping[str, str | Promise] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.text) % self.places if self.places else str(self.text)


def faults_of(raw: Mapping[str, Any], *, known: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """Give what is wrong with a rule that came as data. `known` are the values of each list of choices."""
    name = raw.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > 80 or not name.isprintable():
        yield Fault("name", _("Give the rule a name of up to 80 characters."))
    moments = raw.get("moments")
    if not _texts(moments) or set(moments or ()) - MOMENTS.keys():
        yield Fault("moments", _("Choose when the rule looks at orders."))
    if raw.get("mode") not in {"all", "any"}:
        yield Fault("", _("Choose whether all conditions have to hold, or any."))
    conditions, effects = raw.get("conditions"), raw.get("effects")
    if not isinstance(conditions, list) or not isinstance(effects, list):
        yield Fault("", _("This is not a rule."))
        return
    if len(conditions) > MOST_CONDITIONS:
        yield Fault("", _("A rule has at most 20 conditions. Put values that mean the same into one: “FR, BE, LU”."))
        return
    if not 0 < len(effects) <= MOST_EFFECTS:
        yield Fault("", _("Say what the rule does: 1 to 10 effects."))
    told = list(_conditions(conditions, known=known, moments=set(moments or ())))
    yield from told
    yield from _effects(effects, known=known, moments=set(moments or ()))
    if not told and raw.get("mode") == "all":
        yield from _contradictions([condition_of(one) for one in conditions])


def _conditions(raws: Sequence[Any], *, known: Mapping[str, Sequence[str]], moments: set[str]) -> Iterator[Fault]:
    for n, raw in enumerate(raws):
        fault = _condition_fault(raw) if isinstance(raw, dict) else _("This is not a condition.")
        if fault:
            yield Fault(f"c{n}", fault)
            continue
        fact = FACTS[raw["fact"]]
        strange = [text for text in raw["value"] if text not in known[fact.choices]] if fact.choices else []
        if strange:
            yield Fault(f"c{n}", _("Not known: %(name)s."), {"name": strange[0]})
        elif fact.needs == "nodes" and moments - NODE_KNOWN:
            yield Fault(f"c{n}", _("The node is known only once it is chosen: look when “its node is chosen”."))


def _condition_fault(raw: Mapping[str, Any]) -> str | Promise:
    fact = FACTS.get(str(raw.get("fact")))
    if fact is None:
        return _("Nobody knows this about an order.")
    if raw.get("op") not in OPS[fact.kind]:
        return _("This cannot be compared so.")
    if fact.kind == "yes":
        return "" if raw.get("value") is None else _("This is answered by yes or no alone.")
    return _number_fault(raw, kind=fact.kind) if fact.kind in {"amount", "number"} else _texts_fault(raw.get("value"))


def _number_fault(raw: Mapping[str, Any], *, kind: str) -> str | Promise:
    value, currency = raw.get("value"), raw.get("currency", "")
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_NUMBER:
        return _("Write an amount.") if kind == "amount" else _("Write a whole number.")
    is_currency = isinstance(currency, str) and len(currency) == 3 and currency.isascii() and currency.isupper()
    return _("Choose the currency of the amount.") if kind == "amount" and not is_currency else ""


def _texts_fault(value: Any) -> str | Promise:
    if not _texts(value):
        return _("Write at least one value.")
    fits = len(value) <= MOST_VALUES and all(len(text) <= LONGEST for text in value)
    return "" if fits else _("Write at most 500 values of up to 100 characters.")


def _effects(raws: Sequence[Any], *, known: Mapping[str, Sequence[str]], moments: set[str]) -> Iterator[Fault]:
    for n, raw in enumerate(raws):
        effect = EFFECTS.get(str(raw.get("does"))) if isinstance(raw, dict) else None
        if effect is None:
            yield Fault(f"e{n}", _("A rule cannot do this."))
            continue
        late = [moment for moment in list(MOMENTS)[list(MOMENTS).index(effect.until) + 1 :] if moment in moments]
        if late:
            yield Fault(f"e{n}", _("This comes too late when %(moment)s."), {"moment": MOMENTS[late[0]]})
        for name, part in effect.parts.items():
            value = raw.get(name)
            if not isinstance(value, str) or not value.strip() or (part.choices and value not in known[part.choices]):
                yield Fault(f"e{n}", _("“%(name)s” is missing."), {"name": part.words})
            elif len(value) > part.most or not value.replace("\n", " ").replace("\r", " ").isprintable():
                yield Fault(f"e{n}", _("“%(name)s” is too long."), {"name": part.words})


def _texts(value: object) -> bool:
    """Say whether something is a list of texts that can be read, with something in them."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, str) and one.strip() and one.isprintable() for one in value)
    )


def _contradictions(conditions: Sequence[Condition]) -> Iterator[Fault]:
    """Find conditions that no order can meet together."""
    for fact in dict.fromkeys(condition.fact for condition in conditions):
        own = [condition for condition in conditions if condition.fact == fact]
        if len(own) > 1 and not _possible(own):
            yield Fault("", _("No order meets all of this at once: %(name)s."), {"name": FACTS[fact].words})


def _possible(own: Sequence[Condition]) -> bool:
    ops = {condition.op for condition in own}
    if {"yes", "no"} <= ops or len({condition.currency for condition in own}) > 1:
        return False
    numbers = [(condition.op, condition.value) for condition in own if isinstance(condition.value, int)]
    low = max([0, *(n + (op == "over") for op, n in numbers if op in {"over", "least", "equal"})])
    high = min([MOST_NUMBER, *(n - (op == "under") for op, n in numbers if op in {"under", "most", "equal"})])
    if low > high:
        return False
    wanted = [{folded(text) for text in c.value} for c in own if c.op == "in" and isinstance(c.value, tuple)]
    barred = {folded(text) for c in own if c.op == "not_in" and isinstance(c.value, tuple) for text in c.value}
    if wanted and not set.intersection(*wanted) - barred:
        return False
    every = {folded(text) for c in own if c.op == "every" and isinstance(c.value, tuple) for text in c.value}
    none = {folded(text) for c in own if c.op == "none" and isinstance(c.value, tuple) for text in c.value}
    return not every & none


def condition_of(raw: Mapping[str, Any]) -> Condition:
    """Read a condition that has the right shape."""
    value = raw.get("value")
    return Condition(
        raw["fact"], raw["op"], tuple(value) if isinstance(value, list) else value, raw.get("currency", "")
    )


def condition_told(condition: Condition) -> dict[str, Any]:
    """Give a condition as data."""
    value = list(condition.value) if isinstance(condition.value, tuple) else condition.value
    told = {"fact": condition.fact, "op": condition.op, "value": value}
    return {**told, "currency": condition.currency} if condition.currency else told


def plan_of(raw: Mapping[str, Any], *, rule_id: int = 0) -> Plan:
    """Read a rule that has the right shape."""
    return Plan(
        id=rule_id,
        name=raw["name"].strip(),
        moments=tuple(moment for moment in MOMENTS if moment in raw["moments"]),
        mode=raw["mode"],
        conditions=tuple(condition_of(one) for one in raw["conditions"]),
        effects=tuple(raw["effects"]),
        stops=bool(raw.get("stops")),
    )
