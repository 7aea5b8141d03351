"""The merchant's rules as people and handlers ask for them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.automation.models import Rule, RuleRun
from colisage.automation.queries.wording import Choices, choices_of, run_words
from colisage.automation.rules.effects import INSTRUCTIONS
from colisage.automation.rules.judging import Plan
from colisage.automation.rules.shape import faults_of, plan_of
from colisage.kit.marks import mark_of
from colisage.orders.queries.instructions import contests_of

VERBS = {"rule_applied": _("Rule “%(actor)s” acted.")}
RECENT = timedelta(days=30)
MOST_RULES = 100


def raw_of(rule: Rule) -> dict[str, object]:
    """Give a kept rule as data, as a person would send it."""
    names = ("name", "moments", "mode", "conditions", "effects", "stops")
    return {name: getattr(rule, name) for name in names}


def wording_mark(rule: Rule) -> str:
    """Give a mark of how a rule is worded: another one when somebody writes it otherwise, not when it is switched."""
    return mark_of(raw_of(rule))


def rule_of(merchant_id: int, *, rule_id: int, locked: bool = False, removed: bool = False) -> Rule | None:
    """Find a rule of a merchant, a `removed` one only when asked; `locked` until the caller's transaction ends."""
    rows = Rule.objects.filter(merchant_id=merchant_id, pk=rule_id)
    rows = rows if removed else rows.exclude(state="removed")
    return (rows.select_for_update(no_key=True) if locked else rows).first()


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule, how often it acted within a month, and when the last time."""

    rule: Rule
    runs: int
    last: object


def rules_page(merchant_id: int) -> list[RuleRow]:
    """Give a merchant's rules in the order in which they look at orders; there are at most a hundred."""
    rules = list(Rule.objects.filter(merchant_id=merchant_id).exclude(state="removed").order_by("position", "pk"))
    runs = RuleRun.objects.filter(merchant_id=merchant_id, rule__in=rules, at__gte=timezone.now() - RECENT)
    counted = {row["rule_id"]: row for row in runs.values("rule_id").annotate(n=Count("pk"), last=Max("at"))}
    return [RuleRow(r, c["n"], c["last"]) if (c := counted.get(r.pk)) else RuleRow(r, 0, None) for r in rules]


def live_plans(merchant_ids: Collection[int], *, moments: Collection[str]) -> dict[int, list[Plan]]:
    """Give the rules that look at orders at one of these moments, by merchant, in their order: a question of workers.

    One that does not have the right shape any more (an older version kept it) is left out; its page says so.
    """
    rows = Rule.objects.filter(merchant_id__in=merchant_ids, state="on", moments__overlap=sorted(moments))
    found: dict[int, list[Plan]] = defaultdict(list)
    for rule in rows.order_by("merchant_id", "position", "pk"):
        if is_sound(rule):
            found[rule.merchant_id].append(plan_of(raw_of(rule), rule_id=rule.pk))
    return found


def is_sound(rule: Rule) -> bool:
    """Say whether a kept rule has the right shape; a channel or node that it names may be gone."""
    raw = raw_of(rule)
    named = {text for one in (*rule.conditions, *rule.effects) for text in _texts_in(one)}
    return not list(faults_of(raw, known=defaultdict(lambda: tuple(named))))


def _texts_in(raw: object) -> Iterator[str]:
    for value in raw.values() if isinstance(raw, dict) else ():
        yield from (text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str))


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a run of a rule asks to be told by e-mail."""

    name: str
    mails: tuple[str, ...]


def runs_across(ids: Collection[int]) -> dict[int, RunFacts]:
    """Give runs of any merchant by id, for handlers of events, which act for all."""
    return {
        run.pk: RunFacts(run.name, tuple(e["text"] for e in run.effects if e["does"] == "mail"))
        for run in RuleRun.objects.filter(pk__in=ids)
    }


def runs_told(merchant_id: int, *, run_ids: Collection[int], choices: Choices | None = None) -> dict[int, str]:
    """Say for each of these runs what the rule did and why, in the active language.

    Of what only one rule can have its way with (a node, a service) it is said which one counts.
    """
    runs: Sequence[RuleRun] = list(RuleRun.objects.filter(merchant_id=merchant_id, pk__in=run_ids)) if run_ids else []
    known: Mapping[str, Mapping[str, str]] = (choices or choices_of(merchant_id)) if runs else {}
    asked = {run.order_id for run in runs if any(effect["does"] in INSTRUCTIONS for effect in run.effects)}
    contests = contests_of(asked) if asked else {}
    return {
        run.pk: run_words(
            run.name, because=run.because, effects=run.effects, choices=known, contests=contests.get(run.order_id, {})
        )
        for run in runs
    }
