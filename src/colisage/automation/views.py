"""The doors of the merchant's rules: the list, the editor, the trial on past orders."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from colisage.automation.actions.move_rule import move_rule
from colisage.automation.actions.save_rule import BadRule, save_rule
from colisage.automation.actions.save_watch import save_watch
from colisage.automation.actions.switch_rule import switch_rule
from colisage.automation.forms import RuleForm, WatchForm, rule_kept, rule_typed
from colisage.automation.models import Rule
from colisage.automation.queries import is_sound, raw_of, rule_of, rules_page, wording_mark
from colisage.automation.queries.trials import SIZES, try_rule
from colisage.automation.queries.watching import watch_mark, watch_of
from colisage.automation.queries.wording import because_words, choices_of, effects_words, moments_words
from colisage.automation.rules.shape import plan_of
from colisage.kit.answers import there
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.marks import SavedMeanwhile
from colisage.ui.seen import Meanwhile, meanwhile
from colisage.ui.words import count

SHOWN: Final = 50
STATES: Final = {"on": ("done", "ok"), "off": ("void", "calm")}


def _managed(request: Any) -> int:
    """Give the merchant the person manages and looks at; refuse anybody else."""
    merchant = request.merchant
    if merchant is None or "manager" not in request.view.merchant_roles.get(merchant.id, frozenset()):
        raise NotAllowed(_("Choose one merchant that you manage, in the bar above."))
    return int(merchant.id)


def _rule(request: Any, rule_id: int) -> Rule:
    found = rule_of(_managed(request), rule_id=rule_id)
    if found is None:
        raise NotThere
    return found


def _told(rule: Rule, choices: Any) -> dict[str, Any]:
    """Say a rule as a sentence: when, if, then."""
    ring, tone = STATES[rule.state]
    told: dict[str, Any] = {"rule": rule, "ring": ring, "tone": tone, "word": rule.get_state_display()}
    if not is_sound(rule):
        return {**told, "broken": True, "ring": "bad", "tone": "bad", "word": _("to correct")}
    plan = plan_of(raw_of(rule))
    return {
        **told,
        "when": moments_words(plan.moments),
        "because": because_words(plan.conditions, choices=choices, either=plan.mode == "any"),
        "does": effects_words(plan.effects, choices=choices),
    }


@login_required
@require_GET
def rules(request: Any) -> HttpResponse:
    """List the rules in the order in which they look at orders."""
    merchant = _managed(request)
    choices, rows = choices_of(merchant), rules_page(merchant)
    context = {
        "rows": [{**_told(row.rule, choices), "runs": row.runs, "last": row.last} for row in rows],
        "on": sum(row.rule.state == "on" for row in rows),
    }
    return render(request, "automation/rules.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_rule(request: Any) -> HttpResponse:
    """Write a new rule."""
    merchant = _managed(request)
    form = rule_typed(request.POST) if request.method == "POST" else RuleForm()
    return _edited(request, merchant, form=form, rule=None)


@login_required
@require_http_methods(["GET", "POST"])
def rule(request: Any, rule_id: int) -> HttpResponse:
    """Show a rule, and change it. What was typed for one that was removed meanwhile is kept, for a new one."""
    if request.method == "POST":
        found = there(rule_of(_managed(request), rule_id=rule_id, removed=True))
        return _edited(request, found.merchant_id, form=rule_typed(request.POST), rule=found)
    found = _rule(request, rule_id)
    return _edited(request, found.merchant_id, form=rule_kept(raw_of(found), seen=wording_mark(found)), rule=found)


def _edited(request: Any, merchant: int, *, form: RuleForm, rule: Rule | None) -> HttpResponse:
    """Keep what was written, or show it again with what is wrong beside it; adding a row keeps nothing yet."""
    status, choices = 200, choices_of(merchant)
    if request.method == "POST" and request.POST.get("press") == "save":
        status = 422
        try:
            made = save_rule(
                merchant, raw=form.raw(), rule_id=rule.pk if rule else None, seen=form.seen, actor=request.actor
            )
        except BadRule as refusal:
            form.say(refusal.found)
        except SavedMeanwhile:
            rule = _rule(request, rule.pk) if rule else None
            form.now, form.seen = (_meanwhile(rule, choices), wording_mark(rule)) if rule else (None, "")
        except NotThere:
            rule = None
            form.faults["rule"] = [
                _("This rule was removed meanwhile. Save what you typed as a new rule, or leave it.")
            ]
        except Refused as refusal:
            form.faults["rule"] = [str(refusal)]
        else:
            messages.success(request, _("Saved. See what it would have done."))
            url = reverse("rule-trial", args=[made])
            return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    if rule and rule.state != "removed" and form.now is None and "told" in request.POST:  # drawn again: told so still
        form.now, form.seen = _meanwhile(rule, choices), wording_mark(rule)
    shown = form.shown(choices=choices, currency=request.merchant.currency)
    context = {**shown, "rule": rule}
    return render(request, "automation/rule.html", {**context, "section": "orders", "tab": "rules"}, status=status)


def _meanwhile(rule: Rule, choices: Any) -> Meanwhile:
    """Say what somebody else made of a rule, who and when."""
    told = _told(rule, choices)
    if told.get("broken"):
        words = _("It asks for something that is not known any more.")
    else:
        words = _("When %(when)s, if %(because)s") % told + f" → {told['does']}"
    after = [("", _("The rules after it do not look any more."))] if rule.stops else []
    rows = [("", rule.name), ("", words), *after]
    return meanwhile(rows, doc_kind="rule", doc_id=rule.pk, verb="rule_changed")


@login_required
@require_GET
def trial(request: Any, rule_id: int) -> HttpResponse:
    """Show what a rule would have done with the latest orders."""
    found = _rule(request, rule_id)
    asked = request.GET.get("last", "")
    last = int(asked) if asked in {str(size) for size in SIZES} else SIZES[1]
    choices = choices_of(found.merchant_id)
    result = try_rule(found, last=last)
    context = {
        **_told(found, choices),
        "looked_at": result.looked_at,
        "matched": len(result.matches),
        "inserts": result.inserts,
        "rows": [
            {"order": order, "because": because_words(match.because, choices=choices)}
            for order, match in result.matches[:SHOWN]
        ],
        "more": max(len(result.matches) - SHOWN, 0),
        "views": [
            {
                "label": _("The last %(n)s") % {"n": count(size)},
                "url": f"{reverse('rule-trial', args=[found.pk])}?last={size}",
                "here": size == last,
            }
            for size in SIZES
        ],
        "section": "orders",
        "tab": "rules",
    }
    return render(request, "automation/trial.html", context)


@login_required
@require_POST
def switch(request: Any, rule_id: int) -> HttpResponse:
    """Switch a rule on or off, or remove it."""
    merchant, state = _managed(request), request.POST.get("state", "")
    if state not in {"on", "off", "removed"}:
        raise NotThere
    try:
        switch_rule(merchant, rule_id=rule_id, state=state, actor=request.actor)
    except NotThere:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("rule", rule_id)
    said = {
        "on": _("Switched on: it looks at every order from now on."),
        "off": _("Switched off. What it did stays."),
        "removed": _("Removed. What it did stays."),
    }
    messages.success(request, said[state])
    return redirect("rules")


@login_required
@require_POST
def move(request: Any, rule_id: int) -> HttpResponse:
    """Let a rule look at orders earlier or later."""
    move_rule(_managed(request), rule_id=rule_id, up=request.POST.get("to") == "up", actor=request.actor)
    return redirect("rules")


@login_required
@require_http_methods(["GET", "POST"])
def watch(request: Any) -> HttpResponse:
    """Say what is looked at when orders come in: those that came before, and signs of risk."""
    merchant, currency = _managed(request), request.merchant.currency
    kept = watch_of(merchant)
    form = WatchForm(request.POST or None, kept=kept, currency=currency)
    if request.method == "POST" and form.is_valid():
        try:
            save_watch(merchant, **form.said(), seen=form.seen, actor=request.actor)
        except SavedMeanwhile:
            kept = watch_of(merchant)  # in the turn of whoever was before
            rows = form.differs(form.shown(kept))
            now = meanwhile(rows, doc_kind="merchant", doc_id=merchant, verb="watch_changed")
            form.tell(now, mark=watch_mark(kept))
        else:
            messages.success(request, _("Saved. It counts from the next order on."))
            return redirect("watch")
    context = {"form": form, "watch": kept, "currency": currency, "section": "orders"}
    return render(request, "automation/watch.html", context, status=422 if form.errors or form.now else 200)
