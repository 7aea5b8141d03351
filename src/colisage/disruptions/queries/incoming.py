"""What disruptions keep from coming in."""

from dataclasses import dataclass

from colisage.carriers.queries import goes_there, ways_to
from colisage.inbound.queries.postponed import dated_from
from colisage.network.queries import nodes_serving
from colisage.network.queries.disruptions import Disruption


@dataclass(frozen=True, slots=True)
class Away:
    """Whose goods do not come: those of a supplier, or all that comes to some nodes."""

    supplier_id: int | None = None
    node_ids: tuple[int, ...] | None = None


def kept_from(disruption: Disruption, *, merchant_id: int) -> Away | None:
    """Say which goods of a merchant a disruption keeps away; None when it keeps none.

    A carrier is one of those that take parcels to customers: nobody knows what it brings. Where nothing gets to,
    nothing gets to our nodes either.
    """
    if disruption.kind == "supplier":
        return Away(supplier_id=disruption.supplier_id)
    if disruption.kind == "node" and disruption.node_id is not None:
        return Away(node_ids=(disruption.node_id,))
    if disruption.kind == "lane" and not disruption.carrier:
        ways = ways_to(disruption.countries, prefixes=disruption.prefixes)
        there = tuple(
            node.node_id
            for node in nodes_serving([merchant_id])[merchant_id]
            if disruption.operator_id in {None, node.operator_id}
            and goes_there(ways, country=node.country, postcode=node.postcode)
        )
        return Away(node_ids=there) if there else None
    return None


def incoming_kept(disruption: Disruption, *, merchant_id: int) -> int:
    """Count the orders, announced deliveries and transfers whose day a disruption would move now."""
    away = kept_from(disruption, merchant_id=merchant_id)
    if away is None:
        return 0
    until = None if disruption.delay_days else disruption.ends_on
    return dated_from(merchant_id, supplier_id=away.supplier_id, node_ids=away.node_ids, until=until)
