"""Plans of counts, and what counting says of the stock: how right it is, and what went missing."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.inventory.actions.plan_counts import plan_counts
from colisage.inventory.actions.save_count_plan import save_count_plan
from colisage.inventory.forms.count_plans import PlanForm
from colisage.inventory.queries import count_plans
from colisage.inventory.queries.accuracy import Accuracies, Shrunk, accuracy, shrinkage
from colisage.inventory.queries.reasons import reason_words
from colisage.inventory.views.counts import managed, merchants
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.network.queries import node_names, nodes_run_by
from colisage.ui import words
from colisage.ui.figures.charts import Trend, ticks

PERIODS = (30, 90, 365)


@login_required
@require_http_methods(["GET", "POST"])
def plans(request: Any) -> HttpResponse:
    """Show the plans with the bins each makes due now and why; make or change one."""
    nodes = {node.id: node for node in nodes_run_by(managed(request))}
    if not nodes:
        raise NotAllowed
    form = PlanForm(request.POST or None, nodes=[(n.id, n.name) for n in nodes.values()])
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            save_count_plan(
                nodes[told["node"]].operator_id, node_id=told["node"], method=told["method"],
                bins_a_day=told["bins_a_day"], every=(told["a_days"], told["b_days"], told["c_days"]),
                active=told["active"], actor=request.actor,
            )  # fmt: skip
            messages.success(request, _("Saved."))
            return redirect("count-plans")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    found = count_plans.plans_at(managed(request))
    context = {"form": form, "plans": found, "active": sum(p.active for p in found), "tab": "count-plans"}
    return render(request, "inventory/count_plans.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def plan(request: Any, plan_id: int) -> HttpResponse:
    """Show the bins a plan makes due now, and why each."""
    found = count_plans.plan_at(list(request.view.operators), plan_id=plan_id)
    if found is None:
        raise NotThere
    due = count_plans.due_bins(found, now=timezone.now())
    may = found.operator_id in managed(request)
    return render(
        request, "inventory/count_plan.html", {"plan": found, "due": due, "may_decide": may, "tab": "count-plans"}
    )


@login_required
@require_POST
def plan_now(request: Any, plan_id: int) -> HttpResponse:
    """Choose the bins of a plan now, without waiting for the next day."""
    found = count_plans.plan_at(managed(request), plan_id=plan_id)
    if found is None:
        raise NotThere
    made = plan_counts([plan_id], actor=request.actor, again=True)
    if not made:
        messages.success(request, _("Nothing is due: every bin was counted in its time, or waits for its count."))
        return redirect("count-plan", plan_id)
    return redirect("count", made[0])


@login_required
@require_GET
def numbers(request: Any) -> HttpResponse:
    """Show how right the stock is and what went missing, over a period."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(period) for period in PERIODS} else 90
    since = timezone.now() - timedelta(days=days)
    nodes = {node.id: node.name for node in nodes_run_by(list(request.view.operators))}
    ids = merchants(request)
    right = accuracy(list(nodes), merchant_ids=ids, since=since)
    lost = shrinkage(list(nodes), merchant_ids=ids, since=since)
    named = reason_words(ids)
    context = {
        "right": right,
        "nodes": [(nodes[node], one) for node, one in sorted(right.nodes.items(), key=lambda n: nodes.get(n[0], ""))],
        "trend": _right_by_week(right),
        "lost": [
            {
                "it": one,
                "nodes": [(name, *one.nodes[node]) for node, name in node_names(one.nodes).items()],
                "reasons": sorted(
                    ((named.get(code, code), *sums) for code, sums in one.reasons.items()), key=lambda r: -r[2]
                ),
                "trend": _lost_by_week(one),
            }
            for one in lost
        ],
        "days": days,
        "periods": PERIODS,
        "tab": "count-numbers",
    }
    return render(request, "inventory/count_numbers.html", context)


def _weeks(found: Sequence[date]) -> list[date]:
    """Give every Monday from the first to the last."""
    return [found[0] + timedelta(days=7 * n) for n in range((found[-1] - found[0]).days // 7 + 1)]


def _right_by_week(right: Accuracies) -> Trend | None:
    """Draw the share of bins that were right, week by week; None with fewer than two weeks."""
    known = [(week, one.of_bins) for week, one in sorted(right.weeks.items()) if one.of_bins is not None]
    if len(known) < 2:
        return None
    weeks = _weeks([week for week, _share in known])
    low = min(20 * int(share * 5) for _week, share in known)  # a round share below the lowest
    low = min(low, 80)
    return Trend(
        title=_("Share of bins that were right, by week"),
        now=[(weeks.index(week), 100 * share) for week, share in known],
        now_text=words.percent(known[-1][1]),
        goal=98,
        goal_text=_("goal %(share)s") % {"share": words.percent(0.98)},
        x_ticks=[(n, words.day(week)) for n, week in enumerate(weeks) if n % max(1, len(weeks) // 5) == 0],
        y_ticks=[(v, str(v)) for v in range(low, 101, 20 if low < 60 else 10)],
        y_range=(low, 102),
    )


def _lost_by_week(one: Shrunk) -> Trend | None:
    """Draw the value that went missing, week by week; None with fewer than two weeks."""
    known = sorted(one.weeks.items())
    if len(known) < 2:
        return None
    weeks = _weeks([week for week, _cents in known])
    points = [(n, max(one.weeks.get(week, 0), 0) / 100) for n, week in enumerate(weeks)]
    return Trend(
        title=ngettext("What went missing in %(n)s week", "What went missing in %(n)s weeks", len(weeks))
        % {"n": len(weeks)},
        now=points,
        now_text=words.money(one.weeks.get(weeks[-1], 0), currency=one.currency),
        x_ticks=[(n, words.day(week)) for n, week in enumerate(weeks) if n % max(1, len(weeks) // 5) == 0],
        y_ticks=[(v, words.count(int(v))) for v in ticks(max(y for _x, y in points))],
    )
