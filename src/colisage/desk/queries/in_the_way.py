"""What stands in the way of closing a node for good, step by step, each with the page where it can be ended."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import ngettext, ngettext_lazy

from colisage.inbound.queries.at_node import coming_to
from colisage.inventory.queries.at_node import stock_at
from colisage.network.queries.nodes import served_by_no_other
from colisage.orders.queries.at_node import parts_at
from colisage.picking.queries.at_node import put_backs_at
from colisage.returns.queries.at_node import returns_at
from colisage.ui import words

# What is counted: the words for it, and the page that lists it.
_SAID: Final[Mapping[str, tuple[object, str]]] = {
    "places": (ngettext_lazy("Goods lie in %(shown)s place.", "Goods lie in %(shown)s places.", "n"), "stock-plan"),
    "reported": (
        ngettext_lazy(
            "%(shown)s SKU is sold from what others report.", "%(shown)s SKUs are sold from what others report.", "n"
        ),
        "availability",
    ),
    "promised": (
        ngettext_lazy("%(shown)s promise to an order stands here.", "%(shown)s promises to orders stand here.", "n"),
        "availability",
    ),
    "parts": (
        ngettext_lazy("%(shown)s part of an order is to be sent.", "%(shown)s parts of orders are to be sent.", "n"),
        "orders",
    ),
    "put_backs": (
        ngettext_lazy("%(shown)s pick is to be put back.", "%(shown)s picks are to be put back.", "n"),
        "put-back",
    ),
    "purchases": (
        ngettext_lazy("%(shown)s purchase order is open.", "%(shown)s purchase orders are open.", "n"),
        "purchases",
    ),
    "announcements": (
        ngettext_lazy("%(shown)s announced delivery is expected.", "%(shown)s announced deliveries are expected.", "n"),
        "announcements",
    ),
    "deliveries": (
        ngettext_lazy("%(shown)s delivery is being received.", "%(shown)s deliveries are being received.", "n"),
        "deliveries",
    ),
    "transfers": (
        ngettext_lazy("%(shown)s transfer is under way.", "%(shown)s transfers are under way.", "n"),
        "transfers",
    ),
    "supplier_returns": (
        ngettext_lazy("%(shown)s supplier return is a draft.", "%(shown)s supplier returns are drafts.", "n"),
        "supplier-returns",
    ),
    "returns": (ngettext_lazy("%(shown)s return comes here.", "%(shown)s returns come here.", "n"), "returns"),
    "counts": (ngettext_lazy("%(shown)s bin is to be counted.", "%(shown)s bins are to be counted.", "n"), "counts"),
}


@dataclass(frozen=True, slots=True)
class InTheWay:
    """One thing that is to be ended first: its code, a sentence, and where."""

    code: str
    text: str
    url: str


def in_the_way(node_id: int) -> list[InTheWay]:
    """Give what stands in the way of closing a node; none when it may be closed. A statement or two a step."""
    return list(_said(node_id))


def _said(node_id: int) -> Iterator[InTheWay]:
    counted = {
        **stock_at(node_id),
        "parts": parts_at(node_id),
        "put_backs": put_backs_at(node_id),
        **coming_to(node_id),
        "returns": returns_at(node_id),
    }
    for code, (said, page) in _SAID.items():
        if number := counted[code]:
            yield InTheWay(code, str(said % {"n": number, "shown": words.count(number)}), reverse(page))  # type: ignore[operator]
    if alone := served_by_no_other(node_id):
        text = ngettext(
            "%(names)s has no other node: its orders could go nowhere.",
            "%(names)s have no other node: their orders could go nowhere.",
            len(alone),
        ) % {"names": ", ".join(alone)}
        yield InTheWay("only_node", text, reverse("nodes"))
