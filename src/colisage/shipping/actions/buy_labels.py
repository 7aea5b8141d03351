"""The second of the three verbs of buying labels: asking the carriers, outside any transaction."""

import logging
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

from colisage.shipping.actions.claim_shipments import Claimed, claim_shipments
from colisage.shipping.actions.record_labels import Answer, record_labels
from colisage.shipping.ports import Bought, CarrierPort, CarrierRefused, CarrierSilent, ShipmentToBuy
from colisage.shipping.queries.buying import port_of, shipments_to_buy

log = logging.getLogger(__name__)

AT_ONCE = 8  # calls under way to carriers


def buy_labels(shipment_ids: Collection[int]) -> int:
    """Ask carriers for the labels of shipments and record what they say; give how many answers came.

    A carrier that was asked before is first asked what it sold under the same key: a label is never bought twice.
    Where the operator has no account, the label is made here, by the same way. Harmless when repeated.
    """
    claimed = {c.shipment_id: c for c in claim_shipments(shipment_ids)}
    wanted = shipments_to_buy(list(claimed))
    local = [Answer(pk, bought=None) for pk, (_, connector) in wanted.items() if not connector]
    remote = [(claimed[pk], shipment, connector) for pk, (shipment, connector) in wanted.items() if connector]
    return record_labels([*local, *_ask_all(remote)])


def _ask_all(wanted: Sequence[tuple[Claimed, ShipmentToBuy, str]]) -> list[Answer]:
    if not wanted:
        return []
    with ThreadPoolExecutor(max_workers=min(AT_ONCE, len(wanted))) as threads:
        return list(threads.map(lambda each: _ask(*each), wanted))


def _ask(claimed: Claimed, shipment: ShipmentToBuy, connector: str) -> Answer:
    try:
        bought = _buy(port_of(connector), shipment, asked_before=claimed.asked_before)
    except CarrierRefused as refusal:
        return Answer(claimed.shipment_id, bought=None, refused=str(refusal) or connector)
    except CarrierSilent as silence:
        return Answer(claimed.shipment_id, bought=None, silent=str(silence) or connector)
    except Exception as error:
        log.exception("the connector %s failed", connector)  # one shipment must not stop the others of its job
        return Answer(claimed.shipment_id, bought=None, silent=type(error).__name__)
    if len(bought.tracking_numbers) != len(shipment.parcels):
        return Answer(claimed.shipment_id, bought=None, silent="numbers and parcels differ")
    return Answer(claimed.shipment_id, bought=bought)


def _buy(port: CarrierPort, shipment: ShipmentToBuy, *, asked_before: bool) -> Bought:
    known = port.find(shipment.key) if asked_before else None
    return known or port.buy(shipment)
