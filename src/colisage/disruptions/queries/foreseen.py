"""What a disruption would touch, before it is declared."""

from dataclasses import asdict, dataclass

from colisage.disruptions.queries import reach_of
from colisage.disruptions.queries.incoming import incoming_kept
from colisage.network.actions.declare_disruption import Disrupted, refuse_days
from colisage.network.queries.disruptions import Disruption, merchants_of
from colisage.orders.queries import orders_named

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How many orders, parts of them and labels a disruption would touch now, and some of the orders: id and number.

    `incoming` are the purchase orders, announced deliveries and transfers with a day that it would keep away.
    """

    orders: int
    parts: int
    labels: int
    incoming: int
    examples: tuple[tuple[int, str], ...]


def foresee(told: Disrupted, *, merchant_id: int | None, operator_id: int | None) -> Foreseen:
    """Say what a disruption would touch if it acted now. Nothing is written; days are refused as when declaring."""
    draft = Disruption(**asdict(told), merchant_id=merchant_id, operator_id=operator_id)
    refuse_days(draft)
    merchants = merchants_of(draft)
    found = [reach_of(draft, merchant_id=merchant, most=SHOWN) for merchant in merchants]
    shown = [pk for reach in found for pk in reach.order_ids][:SHOWN]
    return Foreseen(
        sum(reach.orders for reach in found),
        sum(reach.parts for reach in found),
        sum(reach.labels for reach in found),
        sum(incoming_kept(draft, merchant_id=merchant) for merchant in merchants),
        tuple((pk, number) for pk, _merchant, number in reversed(orders_named(merchants, ids=shown))),
    )
