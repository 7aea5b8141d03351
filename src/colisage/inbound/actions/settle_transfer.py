from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.receive_transfer import end_transfer, left_of, locked_transfer, refuse_elsewhere, to_dock
from colisage.inbound.actions.tell_incoming import tell_incoming
from colisage.inbound.models import Receipt, TransferLine
from colisage.inventory.actions.arrive_units import Arriving, arrive_units
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed
from colisage.network.actions.open_transit import open_transit
from colisage.network.queries import virtual_place

STAYED: Final = "stayed"  # the units were never loaded
REASONS: Final = {
    "lost": _("lost on the way"),
    "theft": _("stolen on the way"),
    "damaged": _("destroyed on the way"),
    STAYED: _("never loaded: still where they came from"),
}


class NoSuchReason(Malformed):
    """What did not arrive is explained by one of the listed reasons."""

    code = "no_such_reason"
    text = _("Say why the units did not arrive.")


@transaction.atomic
def settle_transfer(merchant_id: int, *, transfer_id: int, reason: str, actor: Actor) -> int:
    """Close a transfer of which nothing more will arrive, and say why; give the units that did not.

    Lost units leave the books for that reason; those never loaded stand on the dock of the node they came from, to be
    put away. Settled again, nothing changes. Raises `NotThere`, `NoSuchReason`.
    """
    if reason not in REASONS:
        raise NoSuchReason
    transfer, known = locked_transfer(merchant_id, transfer_id=transfer_id)
    refuse_elsewhere(transfer, transfer.to_node_id, transfer.from_node_id)
    lines = [line for line in known.values() if left_of(line)]
    if not lines:
        return 0
    units = sum(left_of(line) for line in lines)
    arriving: list[Arriving] = []
    if reason == STAYED:
        receipts = Receipt.objects.bulk_create(
            Receipt(
                merchant_id=merchant_id, node_id=transfer.from_node_id, sku_id=line.sku_id, lot_id=line.lot_id,
                owner_id=line.owner_id, good=left_of(line), by_name=str(actor)[:150], came_from="transit",
            )
            for line in lines
        )  # fmt: skip
        arriving = to_dock(receipts, node_id=transfer.from_node_id)
    else:
        arriving = [
            Arriving(
                sku_id=line.sku_id, qty=left_of(line), lot_id=line.lot_id, owner_id=line.owner_id,
                place_id=virtual_place("loss"), reason=reason, doc_kind="transfer_loss", doc_id=line.pk,
            )
            for line in lines
        ]  # fmt: skip
    arrive_units(merchant_id, arriving, transit_id=open_transit(transfer.to_node_id), actor=actor)
    for line in lines:
        line.settled, line.reason = left_of(line), reason
    TransferLine.objects.bulk_update(lines, ["settled", "reason"])
    tell_incoming(merchant_id, {line.sku_id for line in lines})
    end_transfer(transfer, list(known.values()))
    said = {"units": units, "reason": reason}
    record_deeds([Deed("transfer", transfer.pk, "transfer_settled", said, merchant_id=merchant_id)], actor=actor)
    return units
