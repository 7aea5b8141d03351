from collections.abc import Collection

from colisage.shipping.actions.record_voided import record_voided
from colisage.shipping.ports import CarrierRefused, CarrierSilent
from colisage.shipping.queries.buying import being_voided, port_of


def give_back_labels(shipment_ids: Collection[int]) -> int:
    """Tell carriers that labels will not be used, outside any transaction; give how many are settled.

    One that does not answer is told again later: giving back twice changes nothing. A refusal (too late to void) is
    settled too, and kept with the shipment.
    """
    settled: dict[int, str] = {}
    for pk, key, connector in being_voided(shipment_ids):
        try:
            if connector:
                port_of(connector).void(key)
            settled[pk] = ""
        except CarrierRefused as refusal:
            settled[pk] = str(refusal) or connector
        except CarrierSilent:
            continue
    return record_voided(settled)
