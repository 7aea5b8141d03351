"""Stock as the desk shows it: figures with what is on its way, the file, and the story of one SKU."""

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from colisage.desk.queries.documents import documents_of, who_did
from colisage.inbound.queries.incoming import incoming_of
from colisage.inventory.queries.browser import (
    NOTHING,
    Figures,
    Filters,
    Listed,
    bundles_free,
    figures_by_node,
    stock_page,
    total,
)
from colisage.inventory.queries.history import Change, days_of
from colisage.inventory.queries.owed import Waiting, queue_of
from colisage.inventory.queries.reasons import reason_words
from colisage.kit.tabular import harmless
from colisage.network.queries import node_names, nodes_by_id, place_word
from colisage.orders.queries import Order, orders_of_lines
from colisage.orders.queries.backorders import owing_of
from colisage.orders.queries.turns import Criterion, criteria_of, reasons
from colisage.ui import words
from colisage.ui.figures.charts import Trend, ticks

PIECE: Final = 1_000
COLUMNS: Final = (
    "sku", "name", "kind", "on_hand", "reserved", "allocated", "incoming", "quarantine", "damaged", "safety",
    "available", "owed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A SKU with its figures; a bundle has none of its own, only what its components allow."""

    sku: Listed
    figures: Figures
    incoming: int
    free: int


def rows_of(skus: Sequence[Listed], *, node_id: int | None = None) -> list[Row]:
    """Put figures beside SKUs; a constant number of statements for each merchant among them."""
    ids, merchants = [s.id for s in skus], {s.merchant_id for s in skus}
    by_node = figures_by_node(merchants, sku_ids=ids)
    coming = coming_by_node(merchants, sku_ids=ids)
    sets: dict[int, dict[int, int]] = {}
    for merchant in sorted(merchants):
        sets |= bundles_free(merchant, sku_ids=[s.id for s in skus if s.merchant_id == merchant and s.kind == "bundle"])
    rows = []
    for sku in skus:
        figures = total(by_node[sku.id], node_id=node_id)
        bundle = sets.get(sku.id, {})
        free = (bundle.get(node_id, 0) if node_id else sum(bundle.values())) if sku.kind == "bundle" else figures.free
        here = coming[sku.id].get(node_id, 0) if node_id else sum(coming[sku.id].values())
        rows.append(Row(sku, figures, here + figures.transit, free))
    return rows


def coming_by_node(merchant_ids: Collection[int], *, sku_ids: Collection[int]) -> dict[int, Counter[int]]:
    """Give the units ordered or announced of each SKU, by node."""
    found = {pk: Counter[int]() for pk in sku_ids}
    for sku, deliveries in incoming_of(merchant_ids, sku_ids).items():
        for delivery in deliveries:
            if delivery.kind != "transit":  # that stands in a cell already
                found[sku][delivery.node_id] += delivery.qty
    return found


def file_of(merchant_ids: Collection[int], *, filters: Filters) -> Iterator[str]:
    """Give the stock as pieces of a CSV file; text that a spreadsheet would run as a formula is disarmed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    yield "\ufeff"
    after: tuple[str, int] | None = ("", 0)
    while after is not None:
        found = stock_page(merchant_ids, filters=filters, after=after, size=PIECE)
        after = (found[PIECE - 1].key, found[PIECE - 1].id) if len(found) > PIECE else None
        for row in rows_of(found[:PIECE], node_id=filters.node_id):
            writer.writerow([harmless(str(cell)) for cell in _cells(row)])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _cells(row: Row) -> tuple[object, ...]:
    f = row.figures
    free = "" if f.unlimited else row.free
    return (
        row.sku.code, row.sku.name, row.sku.kind, f.on_hand, f.reserved, f.allocated, row.incoming, f.quarantine,
        f.damaged, f.safety, free, f.owed,
    )  # fmt: skip


def nodes_of(by_node: dict[int | None, Figures], *, incoming: dict[int, int]) -> list[dict[str, Any]]:
    """Give the figures of a SKU node by node, by name; what is owed nowhere in particular comes last."""
    names = node_names({*(node for node in by_node if node), *incoming})
    rows = [
        {"id": node, "name": name, "figures": figures, "incoming": incoming.get(node, 0) + figures.transit}
        for node, name in sorted(names.items(), key=lambda item: item[1])
        for figures in [by_node.get(node, NOTHING)]
    ]
    if len(rows) > 1:
        everywhere = total(by_node)
        coming = sum(incoming.values()) + everywhere.transit
        rows.append({"id": 0, "name": _("Everywhere"), "figures": everywhere, "incoming": coming})
    if None in by_node:
        rows.append({"id": None, "name": _("no node yet"), "figures": by_node[None], "incoming": 0})
    return rows


def told(merchant_id: int, changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Put words, documents and people beside movements; a constant number of statements."""
    documents = documents_of(merchant_id, keys={(c.doc_kind, c.doc_id) for c in changes})
    people = who_did(merchant_id, actors={(c.actor_kind, c.actor_id) for c in changes})
    nodes = node_names({node for c in changes for node in (c.source_node, c.target_node) if node})
    several = len(nodes) > 1
    named = reason_words([merchant_id])
    return [
        {
            "change": c,
            "reason": str(named.get(c.reason, c.reason)),
            "document": documents[c.doc_kind, c.doc_id],
            "units": _signed(c.qty),
            "who": people[c.actor_kind, c.actor_id],
            "source": _place(c.source, c.source_kind, nodes.get(c.source_node or 0, "") if several else ""),
            "target": _place(c.target, c.target_kind, nodes.get(c.target_node or 0, "") if several else ""),
        }
        for c in changes
    ]


def _signed(units: int) -> str:
    return f"{'+' if units > 0 else '−'}{words.count(abs(units))}" if units else ""


def _place(code: str, kind: str, node: str) -> str:
    word = words.plate(code) if kind == "bin" else place_word(kind)
    return f"{word} ({node})" if node else str(word)


def since_when(row: dict[str, Any] | None) -> str:
    """Say by which movement the stock became what it is."""
    if row is None:
        return ""
    change, document = row["change"], row["document"].text
    why = [row["reason"], row["units"], *([document] if document != row["reason"] else [])]
    return _("It became %(n)s %(when)s: %(why)s, by %(who)s.") % {
        "n": words.count(change.after),
        "when": words.when(change.at),
        "why": ", ".join(why),
        "who": row["who"],
    }


def curve(merchant_id: int, *, sku_id: int, days: int = 90) -> dict[str, Any] | None:
    """Draw the units on hand at the end of each day, with a sentence that says the same; None where nothing moved.

    A SKU that is new here is drawn from the week it came.
    """
    today = timezone.localdate()
    start = today - timedelta(days=days - 1)
    moment = timezone.make_aware(datetime.combine(start, datetime.min.time()))
    before, found = days_of(merchant_id, sku_id=sku_id, since=moment, zone=timezone.get_current_timezone_name())
    if not found:
        return None
    if not before:
        start = max(start, min(found[0][0], today - timedelta(days=6)))
    dates = [start + timedelta(days=n) for n in range((today - start).days + 1)]
    at, level, levels = dict(found), before, list[int]()
    for day in dates:
        level = at.get(day, level)
        levels.append(level)
    most, least = max(levels), min(levels)
    said = _("Over %(days)s days: at most %(most)s (%(most_day)s), at least %(least)s (%(least_day)s), %(now)s now.")
    sentence = said % {
        "days": len(dates),
        "most": words.count(most),
        "most_day": words.day(dates[levels.index(most)]),
        "least": words.count(least),
        "least_day": words.day(dates[levels.index(least)]),
        "now": words.count(level),
    }
    return {"trend": _trend(dates, levels, title=sentence), "sentence": sentence}


def _trend(dates: Sequence[date], levels: Sequence[int], *, title: str) -> Trend:
    """Draw levels as steps: what was on hand stays so until it changes."""
    steps = [(0.0, float(levels[0]))]
    for n, (last, level) in enumerate(pairwise(levels), 1):
        steps += [(float(n), float(last))] * (last != level) + [(float(n), float(level))]
    every = max(len(dates) // 4, 1)
    return Trend(
        title=title,
        now=steps,
        now_text=words.count(levels[-1]),
        x_ticks=[(float(n), words.day(dates[n])) for n in range(0, len(dates), every)],
        y_ticks=[(at, words.count(int(at))) for at in ticks(max(*levels, 1)) if at == int(at)],
        x_range=(0.0, float(max(len(dates) - 1, 1))),
    )


def _why(waiting: Waiting, order: Order | None, criteria: Sequence[Criterion]) -> str:
    """Say why somebody is served before others: a priority, what its merchant goes by, else its age."""
    first = [_("priority %(n)s") % {"n": waiting.priority}] if waiting.priority else []
    return ", ".join([*first, *(reasons(order, criteria) if order else ())]) or _("first come")


def queue(
    merchant_id: int, *, sku_id: int, most: int = 10, after: int | None = None
) -> tuple[list[dict[str, Any]], bool]:
    """Give who waits for a SKU, the next to be served first, and whether there are more; `after` the last one before.

    A constant number of statements.
    """
    found = queue_of(merchant_id, sku_id=sku_id, most=most, after=after)
    lines = orders_of_lines(merchant_id, line_ids={w.owner_id for w in found if w.owner_kind == "order_line"})
    nodes = nodes_by_id({w.node_id for w in found if w.node_id})
    names = {pk: node.name for pk, node in nodes.items()}
    criteria = criteria_of([merchant_id]).get(merchant_id, [])
    days = {one.line_id: one for each in owing_of({o.pk for o in lines.values()}).values() for one in each}
    rows = [
        {
            "turn": turn,
            "waiting": waiting,
            "order": lines.get(waiting.owner_id) if waiting.owner_kind == "order_line" else None,
            "node": names.get(waiting.node_id or 0, ""),
            "code": nodes[waiting.node_id].code if waiting.node_id in nodes else None,
            "why": _why(waiting, lines.get(waiting.owner_id), criteria),
            "expected": days.get(waiting.owner_id) if waiting.owner_kind == "order_line" else None,
        }
        for turn, waiting in enumerate(found[:most], 1)
    ]
    return rows, len(found) > most
