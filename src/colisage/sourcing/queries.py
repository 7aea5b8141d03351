"""Why an order is served from where it is."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from colisage.network.queries import node_names
from colisage.sourcing.models import SourcingDecision

VERBS = {"order_sourced": gettext_lazy("The nodes that serve it were chosen.")}
FLAWS = {
    "no_lane": gettext_lazy("nobody carries there"),
    "no_capacity": gettext_lazy("no room in its day"),
    "no_stock": gettext_lazy("has none of it"),
    "incomplete": gettext_lazy("does not have everything"),
    "late": gettext_lazy("would be late"),
    "currency": gettext_lazy("priced in another currency"),
}


def why_of(merchant_id: int, *, order_id: int) -> dict[str, Any] | None:
    """Give the decision for an order as the part `sourcing/why.html` shows it; None while there is none."""
    decision = SourcingDecision.objects.filter(merchant_id=merchant_id, order_id=order_id).first()
    if decision is None:
        return None
    names = node_names({node for c in decision.candidates for node in c["nodes"]})
    unseen = _("another node")  # of an operator that who looks does not work for
    chosen = decision.chosen["nodes"] if decision.chosen else []
    return {
        "currency": decision.currency,
        "title": _("Node: %(names)s") % {"names": " + ".join(names.get(n, unseen) for n in chosen)}
        if chosen
        else _("No node yet"),
        "reason": _reason(decision),
        "candidates": [
            {
                "name": " + ".join(names.get(node, unseen) for node in c["nodes"]),
                "cost": c["cost"],
                "days": c["days"],
                "costed": _costed(c),
                "chosen": c["nodes"] == chosen and n == 0,
                "flaws": [FLAWS.get(flaw, flaw) for flaw in c["flaws"]],
            }
            for n, c in enumerate(decision.candidates)
        ],
    }


def _costed(candidate: dict[str, Any]) -> bool:
    """Say whether a candidate has a cost to show: nothing would go from it, or its price is not in that currency."""
    if "currency" in candidate["flaws"]:
        return False
    return candidate["cost"]["total"] > 0 or "no_stock" not in candidate["flaws"]


def _reason(decision: SourcingDecision) -> str:
    if decision.chosen is None:
        return _("No node has what is asked for; the order waits for stock.")
    if decision.missing:
        return _("It serves the most at once; what is missing is owed.")
    good = [c for c in decision.candidates if not c["flaws"]]
    if len(good) < 2:
        if any(c["flaws"] == ["currency"] and c["nodes"] != decision.chosen["nodes"] for c in decision.candidates):
            return _("The only way to send everything whose price can be compared.")
        return _("The only way to send everything.")
    if len(decision.chosen["nodes"]) > 1:
        return _("The cheapest way to send everything, in more than one parcel.")
    return _("The cheapest that sends everything at once.")
