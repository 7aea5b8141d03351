"""Transfers between nodes: sent on the desk, counted at the dock."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.catalog.queries import scanned
from colisage.inbound.actions.receive_transfer import Arrived, receive_transfer
from colisage.inbound.actions.send_transfer import send_transfer
from colisage.inbound.actions.settle_transfer import REASONS, settle_transfer
from colisage.inbound.forms.transfers import TransferForm
from colisage.inbound.queries.postponed import moved_days, moved_words
from colisage.inbound.queries.suppliers import skus_said
from colisage.inbound.queries.transfers import (
    TransferRow,
    transfer_lines,
    transfer_of,
    transfers_page,
    transfers_under_way,
)
from colisage.inbound.views.chosen import chosen, key_in, merchants
from colisage.inbound.views.once import draw_once, once
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.queries import deeds_on
from colisage.network.queries import nodes_serving

PAGE = 50


def _page(request: Any, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {"tab": "transfers", **context}, status=status)


@login_required
@require_GET
def transfers(request: Any) -> HttpResponse:
    """List transfers, the latest first."""
    ids = merchants(request)
    rows = transfers_page(ids, after=key_in(request.GET.get("after", "")), size=PAGE)
    context = {
        "rows": rows[:PAGE],
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "under_way": transfers_under_way(ids),
    }
    return _page(request, "inbound/transfers.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_transfer(request: Any) -> HttpResponse:
    """Send units to another node."""
    merchant = chosen(request)
    nodes = [(str(n.node_id), n.name) for n in nodes_serving([merchant.id])[merchant.id]]
    posted = request.POST if request.method == "POST" else None
    form = TransferForm(
        posted, nodes=nodes, initial={"once": uuid4().hex, "to_node": nodes[1][0] if len(nodes) > 1 else ""}
    )
    if posted is not None and form.is_valid():
        told = form.cleaned_data
        known = skus_said(merchant.id, codes=[line.code for line in told["lines"]])
        missing = [line.code for line in told["lines"] if line.code.upper() not in known]
        if missing:
            form.add_error("lines", _("Not in the catalogue: %(codes)s.") % {"codes": ", ".join(missing[:20])})
        else:
            meant = [(known[line.code.upper()], line.units) for line in told["lines"]]
            try:
                made = send_transfer(
                    merchant.id,
                    [(sku.id, units * case) for (sku, case), units in meant],
                    from_node_id=int(told["from_node"]),
                    to_node_id=int(told["to_node"]),
                    expected_on=told["expected_on"],
                    note=told["note"],
                    once=told["once"],
                    actor=request.actor,
                )
                return redirect("transfer", made)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    return _page(request, "inbound/new_transfer.html", {"form": form}, 422 if form.errors else 200)


def _transfer(request: Any, transfer_id: int, *, to_change: bool = False) -> TransferRow:
    found = transfer_of(list(request.view.merchants), transfer_id=transfer_id)
    if found is None:
        raise NotThere
    if to_change and not request.view.may_for(found.merchant_id, "receiver"):
        raise NotAllowed
    return found


@login_required
@require_GET
def transfer(request: Any, transfer_id: int) -> HttpResponse:
    """Show a transfer: what was sent, what arrived."""
    found = _transfer(request, transfer_id)
    lines: list[Any] = transfer_lines([found.merchant_id], transfer_id=found.pk)
    context = {
        "transfer": found,
        "lines": lines,
        "left": sum(line.left for line in lines),
        "reasons": REASONS,
        "moved": moved_days(found.merchant_id, kind="transfer", days={found.pk: found.expected_on}).get(found.pk),
        "deeds": [(deed, _said(deed.verb, deed.data)) for deed in deeds_on("transfer", doc_id=found.pk, most=20)],
        "may_edit": request.view.may_for(found.merchant_id, "receiver"),
    }
    return _page(request, "inbound/transfer.html", context)


def _said(verb: str, data: dict[str, Any]) -> str:
    if moved := moved_words(verb, data):
        return moved
    if verb == "transfer_sent":
        return ngettext("%(units)s unit sent", "%(units)s units sent", data["units"]) % data
    if verb == "transfer_arrived":
        return _("arrived: good %(good)s, damaged %(damaged)s") % data
    told = ngettext(
        "%(units)s unit did not arrive: %(reason)s", "%(units)s units did not arrive: %(reason)s", data["units"]
    )
    return told % {**data, "reason": REASONS[data["reason"]]}


@login_required
@require_POST
def settle(request: Any, transfer_id: int) -> HttpResponse:
    """Close a transfer of which nothing more will arrive."""
    found = _transfer(request, transfer_id, to_change=True)
    try:
        settle_transfer(
            found.merchant_id, transfer_id=found.pk, reason=request.POST.get("reason", ""), actor=request.actor
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("transfer", found.pk)


@login_required
@require_http_methods(["GET", "POST"])
def arrive(request: Any, transfer_id: int) -> HttpResponse:
    """Count what arrives at the dock, by scan."""
    found = _transfer(request, transfer_id, to_change=True)
    context: dict[str, Any] = {"transfer": found}
    if request.method == "POST":
        context |= _count(request, found)
    lines: list[Any] = transfer_lines([found.merchant_id], transfer_id=found.pk)
    context |= {
        "lines": lines,
        "left": sum(line.left for line in lines),
        "came": any(line.good or line.damaged for line in lines),
        "once": draw_once(),
    }
    template = "inbound/arrive.html#task" if request.htmx else "inbound/arrive.html"
    return render(request, template, context, status=422 if context.get("verdict") == "bad" else 200)


def _count(request: Any, found: TransferRow) -> dict[str, Any]:
    """Judge one step at the dock: first the item, then how many came."""
    lines: list[Any] = transfer_lines([found.merchant_id], transfer_id=found.pk)
    line = next((one for one in lines if str(one.pk) == request.POST.get("line", "")), None)
    if line is None:
        code = request.POST.get("code", "").strip()[:100].replace("\x00", "")
        hits = {hit.sku_id for hit in scanned([found.merchant_id], code=code)} if code else set()
        fitting = [one for one in lines if one.sku_id in hits and one.left]
        if not fitting and any(one.sku_id in hits for one in lines):
            return {"verdict": "bad", "text": _("All of this item is counted already."), "scanned": code}
        if not fitting:
            return {"verdict": "bad", "text": _("Nothing of this item is on its way here."), "scanned": code}
        return {"chosen": fitting}
    good, damaged = (_number(request.POST.get(name, "")) for name in ("good", "damaged"))
    try:
        _receipt, new = once(
            request, what=f"arrive:{line.pk}", merchant_id=found.merchant_id,
            work=lambda: receive_transfer(
                found.merchant_id, [Arrived(line.pk, good, damaged)], transfer_id=found.pk, actor=request.actor
            )[0],
        )  # fmt: skip
    except Refused as refusal:
        return {"verdict": "bad", "text": str(refusal), "chosen": [line]}
    if not new:
        return {"verdict": "ok", "text": _("This was counted already.")}
    told = _("%(good)s × %(name)s taken in.") % {"good": good, "name": line.sku.name}
    if damaged:
        set_apart = ngettext("%(n)s damaged, to quarantine.", "%(n)s damaged, to quarantine.", damaged) % {"n": damaged}
        told = f"{told} {set_apart}"
    return {"verdict": "ok", "text": told}


def _number(text: str) -> int:
    """Read units; what is no number is none, and is refused as such."""
    bare = text.strip() or "0"
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 9 else -1
