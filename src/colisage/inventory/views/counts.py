"""Counts at the desk: what is due, what waits for a word, what came of it, and the limits."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.inventory.actions.cancel_count import cancel_count
from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.actions.decide_count import decide_count
from colisage.inventory.actions.save_count_rule import save_count_rule
from colisage.inventory.actions.start_count import COUNTERS
from colisage.inventory.forms.counts import BinsForm, RuleForm
from colisage.inventory.models import CountTask
from colisage.inventory.queries import counts
from colisage.inventory.queries.accuracy import accuracy, shrinkage
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.network.queries import NodeFacts, bins_of, nodes_run_by
from colisage.ui import words

PAGE = 50


def merchants(request: Any) -> list[int]:
    """Give the merchants whose goods are shown."""
    return [request.merchant.id] if request.merchant else list(request.view.merchants)


def managed(request: Any) -> list[int]:
    """Give the operators at which the person decides."""
    return [o for o, roles in request.view.operator_roles.items() if "manager" in roles]


def after(request: Any, name: str = "after") -> int:
    """Give the cursor of a list, 0 where there is none or it is nonsense."""
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else 0


@login_required
@require_GET
def counts_page(request: Any) -> HttpResponse:
    """Show what waits for a manager and what is to count."""
    operators = list(request.view.operators)
    many = counts.how_many(operators)
    found = counts.tasks(operators, states=["open", "counting", "recount"], after=after(request), size=PAGE)
    waiting = counts.tasks(operators, states=["counted"], size=PAGE)
    ids = merchants(request)
    nodes = [node.id for node in nodes_run_by(operators)]
    since = timezone.now() - timedelta(days=90)
    context = {
        "right": accuracy(nodes, merchant_ids=ids, since=since).total,
        "lost": shrinkage(nodes, merchant_ids=ids, since=since),
        "waiting": counts.rows_of(waiting[:PAGE], merchant_ids=ids),
        "rows": counts.rows_of(found[:PAGE], merchant_ids=ids),
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "to_count": many["to_do"],
        "to_approve": many["counted"],
        "may_decide": bool(managed(request)),
        "may_count": any(roles & COUNTERS for roles in request.view.operator_roles.values()),
    }
    return render(request, "inventory/counts.html", context)


@login_required
@require_GET
def count_log(request: Any) -> HttpResponse:
    """List the counts that ended, the latest first."""
    found = counts.settled(list(request.view.operators), before=after(request), size=PAGE)
    rows = counts.rows_of(found[:PAGE], merchant_ids=merchants(request))
    following = found[PAGE - 1].pk if len(found) > PAGE else None
    return render(request, "inventory/count_log.html", {"rows": rows, "next": following, "tab": "count-log"})


@login_required
@require_GET
def count(request: Any, count_id: int) -> HttpResponse:
    """Show the bins of one count."""
    found = counts.count_at(list(request.view.operators), count_id=count_id)
    if found is None:
        raise NotThere
    tasks = counts.tasks_of(count_id, after=after(request))
    context = {
        "count": found,
        "rows": counts.rows_of(tasks[:100], merchant_ids=merchants(request)),
        "next": tasks[99].pk if len(tasks) > 100 else None,
        "may_decide": found.operator_id in managed(request),
    }
    return render(request, "inventory/count.html", context)


@login_required
@require_GET
def count_result(request: Any, task_id: int) -> HttpResponse:
    """Show the counts of a bin beside the books; who counts it himself sees nothing before the end."""
    task = _task(request, list(request.view.operators), task_id)
    shown = {m: party for m, party in request.view.merchants.items() if m in merchants(request)}
    rounds = [one for one in counts.rounds_of(task_id) if one.finished_at]
    blind = task.state in {"open", "counting", "recount"} and task.operator_id not in managed(request)
    context = {
        "task": task,
        "row": counts.rows_of([task], merchant_ids=merchants(request))[0],
        "rounds": rounds,
        "blind": blind,
        "lines": [] if blind or not rounds else counts.beside(task, merchants=shown),
        "strays": counts.stray_codes(rounds[-1].pk) if rounds and not blind else [],
        "several": len(shown) > 1,
        "may_decide": task.operator_id in managed(request),
    }
    return render(request, "inventory/count_result.html", context)


def _task(request: Any, operators: list[int], task_id: int) -> CountTask:
    task = counts.task_at(operators, task_id=task_id)
    if task is None:
        raise NotThere
    return task


@login_required
@require_POST
def count_decide(request: Any, task_id: int) -> HttpResponse:
    """Approve a count, reject it, or have it counted again."""
    task = _task(request, list(request.view.operators), task_id)
    if task.operator_id not in managed(request):
        raise NotAllowed
    remark = request.POST.get("remark", "").replace("\x00", "")
    decision = request.POST.get("decision", "")
    try:
        state = decide_count(task.operator_id, task_id=task_id, decision=decision, remark=remark, actor=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("count-result", task_id)
    said = {
        "approved": _("Posted: the books say what was counted in %(bin)s."),
        "rejected": _("Rejected: the books of %(bin)s stay as they are."),
    }.get(state, _("%(bin)s is counted again."))
    messages.success(request, said % {"bin": words.plate(task.place.code)})
    return redirect("counts")


@login_required
@require_POST
def count_cancel(request: Any, task_id: int) -> HttpResponse:
    """Take a count away."""
    task = _task(request, list(request.view.operators), task_id)
    if task.operator_id not in managed(request):
        raise NotAllowed
    cancel_count(task.operator_id, task_ids=[task_id], actor=request.actor)
    messages.success(request, _("The count of %(bin)s is cancelled.") % {"bin": words.plate(task.place.code)})
    return redirect("counts")


@login_required
@require_http_methods(["GET", "POST"])
def count_new(request: Any) -> HttpResponse:
    """Have bins counted that somebody chooses."""
    nodes = {node.id: node for node in nodes_run_by(managed(request))}
    if not nodes:
        raise NotAllowed
    given = request.POST or {"node": next(iter(nodes)), "bins": request.GET.get("bins", "")[:5_000]}
    form = BinsForm(request.POST or None, nodes=[(n.id, n.name) for n in nodes.values()], initial=given)
    if request.method == "POST" and form.is_valid():
        made = _ask(request, form, nodes[form.cleaned_data["node"]])
        if made:
            return redirect("count", made)
    return render(request, "inventory/count_new.html", {"form": form}, status=422 if form.errors else 200)


def _ask(request: Any, form: BinsForm, node: NodeFacts) -> int | None:
    """Ask for the count of the bins that a form names; say on the form what it cannot be."""
    wanted = form.cleaned_data["bins"]
    bins = [(b.id, b.code.upper()) for b in bins_of(node.id)]
    strange = [code for code in wanted if not any(known.startswith(code) for _id, known in bins)]
    if strange:
        said = ngettext(
            "No bin of %(node)s begins with: %(codes)s.", "No bins of %(node)s begin with: %(codes)s.", len(strange)
        )
        form.add_error("bins", said % {"node": node.name, "codes": ", ".join(strange)[:200]})
        return None
    chosen = [(pk, "hand") for pk, known in bins if any(_meant(code, known) for code in wanted)]
    try:
        return count_bins(node.operator_id, node_id=node.id, bins=chosen, actor=request.actor)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def _meant(code: str, known: str) -> bool:
    """Say whether a typed code stands for a bin: its own, or the beginning of it up to a mark."""
    return known == code or (known.startswith(code) and not known[len(code)].isalnum())


@login_required
@require_http_methods(["GET", "POST"])
def count_limits(request: Any) -> HttpResponse:
    """Show how far counts may be from the books, and change it."""
    nodes = {node.id: node for node in nodes_run_by(managed(request))}
    if not nodes:
        raise NotAllowed
    form = RuleForm(
        request.POST or None,
        nodes=[(n.id, n.name) for n in nodes.values()],
        merchants=[(m.id, m.name) for m in request.view.merchants.values()],
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            save_count_rule(
                nodes[told["node"]].operator_id, node_id=told["node"], merchant_id=told["merchant"],
                tolerance=told["tolerance"], limit_units=told["limit_units"], limit_cents=form.limit_cents,
                idle_hours=told["idle_hours"] or 8, actor=request.actor,
            )  # fmt: skip
            messages.success(request, _("Saved."))
            return redirect("count-limits")
        except Refused:
            form.add_error("merchant", _("This node does not serve that merchant."))
    usual = next((m.currency for m in request.view.merchants.values()), "EUR")
    rules = [(rule, rule.merchant.currency if rule.merchant else usual) for rule in counts.rules_at(managed(request))]
    context = {"form": form, "rules": rules, "tab": "counts"}
    return render(request, "inventory/count_limits.html", context, status=422 if form.errors else 200)
