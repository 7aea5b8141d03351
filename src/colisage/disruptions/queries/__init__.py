"""What disruptions touch."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from colisage.carriers.queries import ways_to
from colisage.kit.statements import Rows, ask, rows
from colisage.network.queries.disruptions import Disruption

VERBS: Final = {
    "disruption_declared": _("%(actor)s declared it."),
    "disruption_changed": _("%(actor)s changed its last day or its words."),
    "disruption_ended": _("%(actor)s ended it."),
    "order_rerouted": _("It goes another way because of the disruption “%(about)s”."),
}


def rows_of_ways(disruption: Disruption) -> Rows | None:
    """Give where nothing gets to as rows of a statement, None when it is about something else."""
    if disruption.kind != "lane":
        return None
    ways = ways_to(disruption.countries, prefixes=disruption.prefixes)
    return rows({"country": country, "prefix": prefix} for country, prefix in ways)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a disruption goes: orders, parts of them, parts that have a label; and the oldest of the orders."""

    orders: int = 0
    parts: int = 0
    labels: int = 0
    order_ids: tuple[int, ...] = ()


def reach_of(
    disruption: Disruption,
    *,
    merchant_id: int,
    among: Collection[int] | None = None,
    after: int = 0,
    most: int = 500,
) -> Reach:
    """Say which unsent orders of a merchant a disruption, declared or not yet, touches and has not met; one statement.

    `after` is the id of the last order of those before; `among` narrows to orders. Cancelled orders and history are
    left out.
    """
    found = ask(
        "disruptions",
        "touched",
        {
            "disruption": disruption.pk,
            "merchant": merchant_id,
            "operator": disruption.operator_id,
            "node": disruption.node_id,
            "carrier": disruption.carrier,
            "ways": rows_of_ways(disruption),
            "supplier": disruption.supplier_id,
            "effect": disruption.effect,
            "among": None if among is None else sorted(among),
            "after": after,
            "most": most,
        },
    )
    if not found:
        return Reach()
    _order, orders, parts, labels = found[0]
    return Reach(orders, int(parts), int(labels), tuple(row[0] for row in found))
