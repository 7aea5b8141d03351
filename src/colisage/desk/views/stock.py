"""Stock by SKU, one SKU, and the story of its quantity."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from colisage.catalog.queries import SkuFacts, barcodes_of, sku_of
from colisage.desk.queries.stock import coming_by_node, curve, file_of, nodes_of, queue, rows_of, since_when, told
from colisage.inbound.queries.sources import supplier_names
from colisage.inventory.queries.browser import STATES, Filters, bundles_free, figures_by_node, stock_page, total
from colisage.inventory.queries.history import Narrowed, history_page, lying
from colisage.inventory.queries.preorders import preorders_of
from colisage.inventory.queries.reasons import adjustment_choices, reason_words
from colisage.kit.errors import NotThere
from colisage.network.queries import node_names, nodes_serving

PAGE: Final = 50
LATEST: Final = 12


def _ids(request: Any) -> list[int]:
    return [request.merchant.id] if request.merchant else list(request.view.merchants)


def _typed(request: Any, name: str) -> str:
    return str(request.GET.get(name, ""))[:100].replace("\x00", "").strip()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _day(text: str, *, after: int = 0) -> datetime | None:
    """Read a date as the moment it begins, or the moment so many days later; nonsense is no date."""
    try:
        day = parse_date(text)
        return timezone.make_aware(datetime.combine(day + timedelta(days=after), datetime.min.time())) if day else None
    except (ValueError, OverflowError):
        return None


def _nodes(merchant_ids: list[int]) -> dict[int, str]:
    """Give the nodes that serve these merchants, by name."""
    found = {s.node_id: s.name for serving in nodes_serving(merchant_ids).values() for s in serving}
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _filters(request: Any) -> Filters:
    state = _typed(request, "state")
    return Filters(_typed(request, "text"), state if state in STATES else "", _number(_typed(request, "node")))


@login_required
@require_GET
def stock(request: Any) -> HttpResponse:
    """List SKUs with all their quantities."""
    ids, filters = _ids(request), _filters(request)
    pk, _space, key = str(request.GET.get("after", ""))[:130].replace("\x00", "").partition(" ")
    found = stock_page(ids, filters=filters, after=(key, _number(pk) or 0), size=PAGE)
    more = len(found) > PAGE
    nodes = _nodes(ids)
    context = {
        "rows": rows_of(found[:PAGE], node_id=filters.node_id),
        "filters": filters,
        "finding": _finding(filters, nodes=nodes),
        "choices": [
            {"name": "state", "label": _("Any state"), "value": filters.state, "options": list(STATES.items())},
            {"name": "node", "label": _("All nodes"), "value": filters.node_id, "options": list(nodes.items())},
        ],
        "next": f"{found[PAGE - 1].id} {found[PAGE - 1].key}" if more else None,
        "narrowed": bool(filters.text or filters.state or filters.node_id),
    }
    return render(request, "desk/stock.html", context)


def _finding(filters: Filters, *, nodes: dict[int, str]) -> str:
    said = _("Stock of “%(text)s”") % {"text": filters.text} if filters.text else _("Stock by SKU")
    if filters.state:
        said = _("%(what)s: %(state)s") % {"what": said, "state": STATES[filters.state]}
    if filters.node_id in nodes:
        said = _("%(what)s, %(node)s") % {"what": said, "node": nodes[filters.node_id or 0]}
    return said


@login_required
@require_GET
def stock_file(request: Any) -> HttpResponse:
    """Give the list as a file, narrowed as it is on the screen."""
    response = HttpResponse(
        "".join(file_of(_ids(request), filters=_filters(request))), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="stock-{timezone.localdate()}.csv"'
    return response


def _sku(request: Any, sku_id: int) -> SkuFacts:
    found = sku_of(list(request.view.merchants), sku_id=sku_id) if sku_id < 2**63 else None
    if found is None:
        raise NotThere
    return found


@login_required
@require_GET
def sku(request: Any, sku_id: int) -> HttpResponse:
    """Show a SKU: how many there are, where they lie, since when, and why."""
    found = _sku(request, sku_id)
    merchant = found.merchant_id
    by_node = figures_by_node([merchant], sku_ids=[sku_id])[sku_id]
    coming = coming_by_node([merchant], sku_ids=[sku_id])[sku_id]
    changes = told(merchant, history_page(merchant, sku_id=sku_id, size=LATEST))
    shelves = lying(merchant, sku_id=sku_id)
    waiting, more_wait = queue(merchant, sku_id=sku_id)
    ahead = preorders_of(merchant, sku_id=sku_id)
    context = {
        "waiting": waiting,
        "may_turn": "manager" in request.view.merchant_roles.get(merchant, frozenset()),
        "may_pull": request.view.may_for(merchant, "support"),
        "more_wait": more_wait,
        "sku": found,
        "currency": request.view.merchants[merchant].currency,
        "barcode": barcodes_of([sku_id]).get(sku_id, ""),
        "figures": total(by_node),
        "nodes": nodes_of(by_node, incoming=coming),
        "sets": _sets(merchant, found),
        "shelves": shelves,
        "owners": supplier_names([merchant], ids={s.owner_id for s in shelves if s.owner_id}),
        "changes": changes[:LATEST],
        "more": len(changes) > LATEST,
        "since_when": since_when(next((row for row in changes if row["change"].qty), None)),
        "curve": curve(merchant, sku_id=sku_id),
        "reasons": adjustment_choices(merchant),
        "may_set": request.view.may_for(merchant, "manager") and found.kind != "bundle",
        "kept": [
            {"id": node, "name": name, "units": by_node[node].safety if node in by_node else 0}
            for node, name in _nodes([merchant]).items()
        ],
        "preorders": [{"id": node, "name": name, "open": ahead.get(node)} for node, name in _nodes([merchant]).items()],
        "may_adjust": request.view.may_for(merchant, "receiver"),
        "tab": "stock",
    }
    return render(request, "desk/sku.html", context)


def _sets(merchant_id: int, found: SkuFacts) -> list[tuple[str, int]] | None:
    """Give how many of a bundle each node could send; None for what is no bundle."""
    if found.kind != "bundle":
        return None
    by_node = bundles_free(merchant_id, sku_ids=[found.id]).get(found.id, {})
    return [(name, by_node[node]) for node, name in node_names(by_node).items()]


@login_required
@require_GET
def sku_history(request: Any, sku_id: int) -> HttpResponse:
    """Show every movement of a SKU, each with what was on hand after it."""
    found = _sku(request, sku_id)
    narrowed = Narrowed(
        reason=_typed(request, "reason"),
        place=_typed(request, "place").upper().replace("·", "-"),
        lot=_typed(request, "lot"),
        node_id=_number(_typed(request, "node")),
        since=_day(_typed(request, "since")),
        until=_day(_typed(request, "until"), after=1),
    )
    rows = history_page(
        found.merchant_id, sku_id=sku_id, narrowed=narrowed, before=_number(_typed(request, "after")), size=PAGE
    )
    context = {
        "sku": found,
        "changes": told(found.merchant_id, rows[:PAGE]),
        "next": rows[PAGE - 1].id if len(rows) > PAGE else None,
        "reasons": sorted(reason_words([found.merchant_id]).items(), key=lambda item: str(item[1])),
        "nodes": _nodes([found.merchant_id]),
        "narrowed": narrowed,
        "typed": {name: _typed(request, name) for name in ("reason", "place", "lot", "node", "since", "until")},
        "tab": "stock",
    }
    return render(request, "desk/sku_history.html", context)
