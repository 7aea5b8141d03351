"""What the pages of returns show."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from colisage.kit.queries import deeds_on
from colisage.orders.queries.changes import credit_of
from colisage.returns import queries
from colisage.returns.models import Disposition, Grade, ReturnRequest
from colisage.returns.rules import DISPOSITIONS, ON_THE_WAY, OPEN, may_move

STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "": OPEN,
    "requested": ("requested",),
    "way": ("approved", "label_sent"),
    "table": ("received",),
    "decide": ("inspected",),
    "due": ("refunded",),
    "done": ("closed", "refused"),
}
BADGES: Final[Mapping[str, tuple[str, str]]] = {  # the share of the ring, and the tone
    "requested": ("hold", "warn"),
    "approved": ("20", "road"),
    "label_sent": ("20", "road"),
    "received": ("50", "blue"),
    "inspected": ("70", "blue"),
    "refunded": ("90", "warn"),
    "closed": ("done", "ok"),
    "refused": ("void", "calm"),
}


def badge_of(request: ReturnRequest) -> dict[str, Any]:
    """Give the badge of a return: ring, tone and word."""
    ring, tone = BADGES[request.state]
    return {"ring": int(ring) if ring.isdecimal() else ring, "tone": tone, "word": request.get_state_display()}


def listed(rows: Sequence[queries.Row], *, counts: Mapping[str, int], view: str, size: int) -> dict[str, Any]:
    """Give what the list of returns shows."""
    here = view if view in STATES else ""
    labels = {
        "": _("Open"),
        "requested": _("To answer"),
        "way": _("On the way back"),
        "table": _("On the table"),
        "decide": _("To refund"),
        "due": _("To pay back"),
        "done": pgettext("returns", "Finished"),
    }
    waiting = sum(counts.get(s, 0) for s in ("requested", "inspected", "refunded"))
    shown = rows[:size]
    return {
        "rows": [{"row": row, "badge": badge_of(row.request)} for row in shown],
        "views": [
            {
                "label": label,
                "url": f"{reverse('returns')}?view={name}" if name else reverse("returns"),
                "here": name == here,
                "count": sum(counts.get(state, 0) for state in STATES[name]),
            }
            for name, label in labels.items()
        ],
        "finding": ngettext("%(n)s return waits for you", "%(n)s returns wait for you", waiting) % {"n": waiting}
        if waiting
        else _("No return waits for you"),
        "next": shown[-1].request.pk if len(rows) > size else None,
    }


def page_of(request: ReturnRequest) -> dict[str, Any]:
    """Give what the page of a return shows."""
    merchant, pk = request.merchant_id, request.pk
    refund = queries.refund_of(merchant, return_id=pk)
    return {
        "r": request,
        "badge": badge_of(request),
        "lines": queries.lines_of(merchant, return_id=pk),
        "items": queries.items_of(merchant, return_id=pk),
        "inspections": queries.inspections_of(merchant, return_id=pk),
        "refund": refund,
        "credit_cents": credit_of(request.order),
        "preview": queries.refund_preview(merchant, return_id=pk) if request.state == "inspected" else None,
        "can_approve": request.state == "requested",
        "can_refuse": may_move(request.state, "refused"),
        "can_receive": request.state in ON_THE_WAY,
        "events": [
            _event(deed) for deed in deeds_on("order", doc_id=request.order_id) if deed.data.get("return") == pk
        ],
    }


def _event(deed: Any) -> dict[str, Any]:
    """Turn a deed into a line of the timeline."""
    sentence = str(queries.VERBS.get(deed.verb, deed.verb))
    data = {"reason": "", "number": "", **deed.data, "actor": deed.actor_name or _("The customer")}
    return {
        "at": deed.at,
        "text": sentence % data,
        "tone": "warn" if deed.verb == "return_refused" else "ok",
        "icon": "x" if deed.verb == "return_refused" else "check",
    }


def waiting_on_table(merchant_ids: Collection[int]) -> list[queries.Row]:
    """Give the returns that stand on the table."""
    return queries.returns_page(merchant_ids, states=["received"])


def table_of(request: ReturnRequest, *, item: int, grade: str) -> dict[str, Any]:
    """Give what the returns table shows: what came, and the item that is to be judged now."""
    items = queries.items_of(request.merchant_id, return_id=request.pk)
    waiting = [i for i in items if i.to_judge]
    now = next((i for i in waiting if i.item.pk == item), waiting[0] if waiting else None)
    known = grade if now and grade in DISPOSITIONS else ""
    return {
        "r": request,
        "items": items,
        "now": now,
        "grade": known,
        "grade_word": Grade(known).label if known else "",
        "grades": Grade.choices,
        "dispositions": [(d, Disposition(d).label) for d in DISPOSITIONS[known]] if known else [],
        "shelf": queries.suggested_bin(request.merchant_id, sku_id=now.sku.id, node_id=request.node_id)
        if now and known
        else "",
        "units_expected": sum(i.item.expected for i in items),
        "units_inspected": sum(i.item.inspected for i in items),
        "open": request.state in ON_THE_WAY,
        "all_judged": not waiting and any(i.item.received for i in items),
    }
