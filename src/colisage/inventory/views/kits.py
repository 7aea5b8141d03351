"""Kits at the desk: how many there are, how many could be made, making them and taking them apart."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from colisage.catalog.queries import SkuFacts, kits_page, sku_of
from colisage.inventory.actions.assemble_kits import assemble_kits
from colisage.inventory.actions.disassemble_kits import disassemble_kits
from colisage.inventory.forms.kits import AssembleForm, DisassembleForm
from colisage.inventory.queries.browser import figures_of
from colisage.inventory.queries.kits import CanMake, Made, assemblies_of, assembly_of, can_make, needs_of
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.network.queries import bins_of, node_names, nodes_serving
from colisage.ui import words

PAGE: Final = 50
ROLES: Final = ("receiver", "packer", "picker")


def merchants(request: Any) -> list[int]:
    """Give the merchants whose rows the page shows."""
    return [request.merchant.id] if request.merchant else list(request.view.merchants)


def number(text: str) -> int | None:
    """Read a whole number of the address; nonsense is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def kit_of(request: Any, sku_id: int) -> SkuFacts:
    """Find a kit of a merchant the person sees."""
    found = sku_of(list(request.view.merchants), sku_id=sku_id) if sku_id < 2**63 else None
    if found is None or found.kind != "kit":
        raise NotThere
    return found


def nodes_of(request: Any, merchant_id: int) -> dict[int, str]:
    """Give the nodes where kits of a merchant can be made, among those the person sees."""
    serving = nodes_serving([merchant_id])[merchant_id]
    return {s.node_id: s.name for s in serving if s.operator_id in request.view.operators}


@login_required
@require_GET
def kits(request: Any) -> HttpResponse:
    """List kits, with those on hand and those that could be made now."""
    ids = merchants(request)
    text = request.GET.get("text", "")[:100].replace("\x00", "").strip()
    found = kits_page(ids, text=text, after=number(request.GET.get("after", "")) or 0, size=PAGE)
    shown = found[:PAGE]
    figures = figures_of(ids, sku_ids=[kit.id for kit in shown])
    can: dict[int, CanMake] = {}
    for merchant in sorted({kit.merchant_id for kit in shown}):
        can |= can_make(merchant, sku_ids=[kit.id for kit in shown if kit.merchant_id == merchant])
    names = node_names({node for made in can.values() for node in made.can})
    context = {
        "rows": [
            {"kit": kit, "figures": figures[kit.id], "can": [(names[n], sets) for n, sets in can[kit.id].can.items()]}
            for kit in shown
        ],
        "text": text,
        "next": shown[-1].id if len(found) > PAGE else None,
    }
    return render(request, "inventory/kits.html", context)


@login_required
@require_GET
def kit(request: Any, sku_id: int) -> HttpResponse:
    """Show a kit: its recipe, what could be made of it where, and what was."""
    return _page(request, kit_of(request, sku_id))


def _page(
    request: Any,
    found: SkuFacts,
    *,
    assemble: AssembleForm | None = None,
    disassemble: DisassembleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    merchant, nodes = found.merchant_id, nodes_of(request, found.merchant_id)
    can = can_make(merchant, sku_ids=[found.id])[found.id]
    before = number(str(request.GET.get("after", "")))
    history = assemblies_of(merchant, sku_id=found.id, before=before, size=PAGE)
    choices = list(nodes.items())
    context = {
        "kit": found,
        "figures": figures_of([merchant], sku_ids=[found.id])[found.id],
        "needs": [
            {"need": need, "free": [(name, need.free.get(node, 0)) for node, name in nodes.items()]}
            for need in needs_of(merchant, sku_id=found.id)
        ],
        "nodes": nodes,
        "can": [(name, can.can.get(node, 0)) for node, name in nodes.items()],
        "best": sum(can.can.values()),
        "history": history[:PAGE],
        "next": history[PAGE - 1].id if len(history) > PAGE else None,
        "assemble": assemble or AssembleForm(nodes=choices),
        "disassemble": disassemble or _apart(request, history, choices),
        "may_work": request.view.may_for(merchant, *ROLES),
        "tab": "kits",
    }
    return render(request, "inventory/kit.html", context, status=status)


def _apart(request: Any, history: list[Made], nodes: list[tuple[int, str]]) -> DisassembleForm:
    """Give the form for taking apart, filled in for the assembly named in the address."""
    wanted = number(str(request.GET.get("apart", "")))
    chosen = next((made for made in history if made.id == wanted and made.left), None)
    initial = (
        {"made_by": chosen.id, "node": chosen.node_id, "qty": chosen.left, "place": chosen.place} if chosen else {}
    )
    return DisassembleForm(nodes=nodes, assemblies=_left(history), initial=initial)


def _left(history: list[Made]) -> list[tuple[int, str]]:
    """Give the assemblies of which kits are left, in words."""
    return [
        (made.id, _("%(day)s, %(node)s: %(n)s left") % {"day": words.day(made.at), "node": made.node, "n": made.left})
        for made in history
        if made.left
    ]


def _working(request: Any, sku_id: int) -> SkuFacts:
    found = kit_of(request, sku_id)
    if not request.view.may_for(found.merchant_id, *ROLES):
        raise NotAllowed
    return found


def bin_called(node_id: int, code: str) -> int:
    """Find a bin of a node by its code as typed or scanned; 0 is none."""
    wanted = code.strip().upper().replace("·", "-")
    return next((b.id for b in bins_of(node_id) if b.code.upper() == wanted), 0)


def _worked(request: Any, kit: SkuFacts, form: AssembleForm | DisassembleForm, act: Callable[..., object]) -> int:
    """Do with kits what a form says, and give how many; what is refused is said at the form, and gives none."""
    if not form.is_valid():
        return 0
    told = dict(form.cleaned_data)
    node, place = told.pop("node"), told.pop("place")
    try:
        with transaction.atomic():
            act(
                kit.merchant_id,
                sku_id=kit.id,
                node_id=node,
                place_id=bin_called(node, place),
                actor=request.actor,
                **told,
            )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return 0
    return int(told["qty"])


@login_required
@require_http_methods(["GET", "POST"])
def assemble(request: Any, sku_id: int) -> HttpResponse:
    """Make kits."""
    found = _working(request, sku_id)
    if request.method == "GET":
        return redirect("kit", sku_id)
    form = AssembleForm(request.POST, nodes=list(nodes_of(request, found.merchant_id).items()))
    if made := _worked(request, found, form, assemble_kits):
        messages.success(request, ngettext("%(n)s kit is made.", "%(n)s kits are made.", made) % {"n": made})
        return redirect("kit", sku_id)
    return _page(request, found, assemble=form, status=422)


@login_required
@require_http_methods(["GET", "POST"])
def disassemble(request: Any, sku_id: int) -> HttpResponse:
    """Take kits apart."""
    found = _working(request, sku_id)
    if request.method == "GET":
        return redirect("kit", sku_id)
    form = DisassembleForm(
        request.POST,
        nodes=list(nodes_of(request, found.merchant_id).items()),
        assemblies=_left(assemblies_of(found.merchant_id, sku_id=sku_id, size=PAGE)),
    )
    if apart := _worked(request, found, form, disassemble_kits):
        said = ngettext("%(n)s kit is taken apart.", "%(n)s kits are taken apart.", apart)
        messages.success(request, said % {"n": apart})
        return redirect("kit", sku_id)
    return _page(request, found, disassemble=form, status=422)


@login_required
@require_GET
def assembly(request: Any, assembly_id: int) -> HttpResponse:
    """Go to the kit of an assembly: what a movement names as its document."""
    found = assembly_of(list(request.view.merchants), assembly_id=assembly_id) if assembly_id < 2**63 else None
    if found is None:
        raise NotThere
    return redirect("kit", found[1])
