"""A rule as a person writes it: rows of conditions and effects; what was typed is kept as it was typed."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from colisage.automation.models import Watch
from colisage.automation.queries.watching import PLAIN, watch_mark, weights_of
from colisage.automation.queries.wording import Choices
from colisage.automation.rules.effects import EFFECTS
from colisage.automation.rules.facts import FACTS, OP_WORDS, OPS
from colisage.automation.rules.judging import MOMENTS
from colisage.automation.rules.shape import MOST_CONDITIONS, MOST_EFFECTS, MOST_NUMBER, Fault
from colisage.automation.rules.signals import MOST_WEIGHT, SIGNALS
from colisage.kit.money import decimal
from colisage.kit.tabular.cells import amount, whole
from colisage.kit.tabular.names import country_code
from colisage.ui.seen import Meanwhile, SeenForm
from colisage.ui.words import is_french

MOST_ROWS: Final = MOST_CONDITIONS + 10  # of a form: more are refused by the shape, not read here


@dataclass
class ConditionRow:
    """A condition as it was typed. `chosen` are ticked values, `text` what was written."""

    fact: str
    op: str = ""
    text: str = ""
    chosen: Sequence[str] = ()
    currency: str = ""
    faults: list[str] = field(default_factory=list)

    def raw(self) -> dict[str, Any]:
        """Give it as data; what cannot be read has no value."""
        fact = FACTS.get(self.fact)
        told: dict[str, Any] = {"fact": self.fact, "op": self.op, "value": None}
        if fact is None or fact.kind == "yes":
            return told
        if fact.kind == "amount":
            return {**told, "value": _read(amount, self.text, currency=self.currency), "currency": self.currency}
        if fact.kind == "number":
            return {**told, "value": _read(whole, self.text)}
        values = list(self.chosen) if fact.choices else [one.strip() for one in re.split(r"[,;\n]", self.text)]
        if self.fact in {"country", "bill_country"}:
            values = [_country(one) for one in values if one]
        return {**told, "value": [one for one in values if one]}

    def shown(self, *, n: int, choices: Choices) -> dict[str, Any]:
        """Give what the template shows."""
        fact = FACTS.get(self.fact)
        return {
            "n": n,
            "row": self,
            "fact": fact,
            "ops": [(op, OP_WORDS[op]) for op in OPS[fact.kind]] if fact else [],
            "choices": list(choices[fact.choices].items()) if fact and fact.choices else [],
        }


@dataclass
class EffectRow:
    """An effect as it was typed."""

    does: str
    told: Mapping[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def raw(self) -> dict[str, Any]:
        """Give it as data."""
        effect = EFFECTS.get(self.does)
        return {
            "does": self.does,
            **{name: self.told.get(name, "").strip() for name in (effect.parts if effect else ())},
        }

    def shown(self, *, n: int, choices: Choices) -> dict[str, Any]:
        """Give what the template shows."""
        effect = EFFECTS.get(self.does)
        parts = [
            (name, part, self.told.get(name, ""), list(choices[part.choices].items()) if part.choices else [])
            for name, part in (effect.parts.items() if effect else ())
        ]
        return {"n": n, "row": self, "effect": effect, "parts": parts}


@dataclass
class RuleForm:
    """A rule as it was typed, with what is wrong beside it."""

    name: str = ""
    moments: Sequence[str] = ("accepted", "changed")
    mode: str = "all"
    stops: bool = False
    conditions: list[ConditionRow] = field(default_factory=list)
    effects: list[EffectRow] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)
    seen: str = ""  # the mark of the wording that was read before it was changed
    now: Meanwhile | None = None

    def raw(self) -> dict[str, Any]:
        """Give it as data."""
        return {
            "name": self.name,
            "moments": list(self.moments),
            "mode": self.mode,
            "conditions": [row.raw() for row in self.conditions],
            "effects": [row.raw() for row in self.effects],
            "stops": self.stops,
        }

    def say(self, faults: Iterable[Fault]) -> None:
        """Put what is wrong beside what it is about."""
        for fault in faults:
            by_letter: dict[str, Sequence[ConditionRow | EffectRow]] = {"c": self.conditions, "e": self.effects}
            rows = by_letter.get(fault.where[:1], ())
            number = fault.where[1:]
            if number.isdecimal() and int(number) < len(rows):
                rows[int(number)].faults.append(str(fault))
            else:
                self.faults.setdefault(fault.where or "rule", []).append(str(fault))

    def shown(self, *, choices: Choices, currency: str) -> dict[str, Any]:
        """Give what the template shows."""
        for row in self.conditions:
            row.currency = row.currency or currency
        return {
            "form": self,
            "conditions": [row.shown(n=n, choices=choices) for n, row in enumerate(self.conditions)],
            "effects": [row.shown(n=n, choices=choices) for n, row in enumerate(self.effects)],
            "moments": [(moment, words, moment in self.moments) for moment, words in MOMENTS.items()],
            "facts": [(name, fact.words) for name, fact in FACTS.items()],
            "doings": [(name, effect.words) for name, effect in EFFECTS.items()],
        }


def rule_typed(post: QueryDict) -> RuleForm:
    """Read what was typed, with the row that was added or taken away."""
    form = RuleForm(
        name=post.get("name", ""),
        moments=[moment for moment in MOMENTS if moment in post.getlist("moments")],
        mode=post.get("mode", ""),
        stops="stops" in post,
        seen=post.get("seen", ""),
        conditions=[
            ConditionRow(
                fact=post.get(f"c{n}-fact", ""),
                op=post.get(f"c{n}-op", ""),
                text=post.get(f"c{n}-text", ""),
                chosen=post.getlist(f"c{n}-chosen"),
                currency=post.get(f"c{n}-currency", "").strip().upper(),
            )
            for n in range(MOST_ROWS)
            if f"c{n}-fact" in post
        ],
        effects=[
            EffectRow(
                post.get(f"e{n}-does", ""),
                {name.removeprefix(f"e{n}-"): post.get(name, "") for name in post if name.startswith(f"e{n}-")},
            )
            for n in range(MOST_EFFECTS + 10)
            if f"e{n}-does" in post
        ],
    )
    _press(form, post)
    return form


def _press(form: RuleForm, post: QueryDict) -> None:
    """Add the rows that were chosen, and take one away.

    What was chosen joins whatever was pressed: a condition left behind beside *Save* made a rule for every order.
    """
    press, _sep, number = post.get("press", "").partition(":")
    n = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else -1
    fact, does = post.get("fact", ""), post.get("does", "")
    if fact in FACTS:
        form.conditions.append(ConditionRow(fact, OPS[FACTS[fact].kind][0]))
    if does in EFFECTS:
        form.effects.append(EffectRow(does))
    if press == "no-condition":
        form.conditions[n : n + 1] = [] if n >= 0 else form.conditions[n : n + 1]
    elif press == "no-effect":
        form.effects[n : n + 1] = [] if n >= 0 else form.effects[n : n + 1]


def rule_kept(raw: Mapping[str, Any], *, seen: str) -> RuleForm:
    """Give a kept rule to be changed; `seen` is the mark of its wording."""
    return RuleForm(
        name=raw["name"],
        moments=raw["moments"],
        mode=raw["mode"],
        stops=raw["stops"],
        conditions=[_condition_kept(one) for one in raw["conditions"]],
        effects=[EffectRow(one["does"], one) for one in raw["effects"]],
        seen=seen,
    )


def _condition_kept(told: Mapping[str, Any]) -> ConditionRow:
    value, currency = told.get("value"), told.get("currency", "")
    row = ConditionRow(told["fact"], told["op"], currency=currency)
    if isinstance(value, list):
        row.chosen, row.text = value, ", ".join(value)
    elif currency:
        row.text = written(value or 0, currency=currency)
    elif value is not None:
        row.text = str(value)
    return row


def written(cents: int, *, currency: str) -> str:
    """Write an amount into a field, in the active language."""
    text = str(decimal(cents, currency=currency))
    return text.replace(".", ",") if is_french() else text


def _read(reader: Callable[..., int], text: str, **also: str) -> int | None:
    try:
        return reader(text.strip(), **also)
    except ValueError:
        return None


def _country(text: str) -> str:
    """Give the code of a country by its name or code; what is not one stays as it was written."""
    try:
        return country_code(text)
    except ValueError:
        return text.upper()


class WatchForm(SeenForm):
    """What is looked at when orders come in, and what each sign weighs."""

    duplicates = forms.BooleanField(label=_("Hold orders that look like another"), required=False)
    window_hours = forms.IntegerField(
        label=_("Hours between both, at most"), min_value=1, max_value=720, widget=forms.NumberInput
    )
    risk = forms.BooleanField(label=_("Hold orders whose signs of risk add up"), required=False)
    threshold = forms.IntegerField(label=_("Hold from this sum on"), min_value=1, max_value=100_000)
    dear = forms.CharField(label=_("Dear, from this total on"), max_length=30)
    many_units = forms.IntegerField(label=_("Many, from so many units on"), min_value=1, max_value=1_000_000)

    def __init__(self, data: Any, *, kept: Watch, currency: str) -> None:
        self.currency = currency
        super().__init__(data, shown=self.shown(kept), mark=watch_mark(kept))
        for name, signal in SIGNALS.items():
            self.fields[f"weight_{name}"] = forms.IntegerField(
                label=str(signal.words), min_value=0, max_value=MOST_WEIGHT, initial=signal.weight
            )

    def shown(self, kept: Watch) -> dict[str, Any]:
        """Give what stands by the fields."""
        plain: dict[str, Any] = {name: getattr(kept, name) for name in PLAIN if name in self.base_fields}
        weights = {f"weight_{name}": weight for name, weight in weights_of(kept).items()}
        return {**plain, **weights, "dear": written(kept.dear_cents, currency=self.currency)}

    def typed(self) -> dict[str, Any]:
        """Give what was typed as it is shown."""
        return {**self.cleaned_data, "dear": written(self.cleaned_data["dear"], currency=self.currency)}

    def signals(self) -> list[forms.BoundField]:
        """Give the fields of the weights."""
        return [self[f"weight_{name}"] for name in SIGNALS]

    def clean_dear(self) -> int:
        """Read the amount."""
        cents = _read(amount, self.cleaned_data["dear"], currency=self.currency)
        if cents is None or not 0 <= cents <= MOST_NUMBER:
            raise forms.ValidationError(_("Write an amount."))
        return cents

    def said(self) -> dict[str, Any]:
        """Give what was said, as the action takes it; valid forms only."""
        told = self.cleaned_data
        plain = ("duplicates", "window_hours", "risk", "threshold", "many_units")
        return {
            **{name: told[name] for name in plain},
            "dear_cents": told["dear"],
            "weights": {name: told[f"weight_{name}"] for name in SIGNALS},
        }
