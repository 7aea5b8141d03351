from collections.abc import Collection

from colisage.shipping.actions.record_announced import record_announced
from colisage.shipping.ports import CarrierRefused, CarrierSilent
from colisage.shipping.queries.buying import manifests_to_announce, port_of


def announce_manifest(manifest_ids: Collection[int]) -> int:
    """Tell carriers what their drivers took, outside any transaction; give how many manifests are settled.

    One that does not answer is told again later: telling twice changes nothing. A refusal settles it too; the paper
    that the driver signed is what counts.
    """
    settled = []
    for pk, number, connector, keys in manifests_to_announce(manifest_ids):
        try:
            if connector:
                port_of(connector).hand_over(keys, manifest=number)
        except CarrierRefused:
            pass
        except CarrierSilent:
            continue
        settled.append(pk)
    return record_announced(settled)
