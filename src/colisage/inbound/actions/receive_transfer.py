from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.tell_incoming import tell_incoming
from colisage.inbound.models import Receipt, Transfer, TransferLine
from colisage.inventory.actions.arrive_units import Arriving, arrive_units
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.actions.open_transit import open_transit
from colisage.network.queries import nodes_serving, place_of


class NothingArrived(Malformed):
    """What arrives is counted in whole units."""

    code = "nothing_arrived"
    text = _("Say how many units arrived: whole numbers, at least one in all.")


class MoreThanSent(Refused):
    """More arrive than are on their way."""

    code = "more_than_sent"
    text = _("Units of it still on their way: %(left)s. Receive the others without an order.")


class NotHere(Refused):
    """The units are for a node of another operator."""

    code = "not_here"
    text = _("This is for a node of another operator. They count it.")


@dataclass(frozen=True, slots=True)
class Arrived:
    """Units of a line of a transfer that arrived."""

    line_id: int
    good: int
    damaged: int = 0


@transaction.atomic
def receive_transfer(merchant_id: int, arrived: Sequence[Arrived], *, transfer_id: int, actor: Actor) -> list[int]:
    """Take units of a transfer in at its node: good ones on the dock, damaged ones in quarantine; give the receipts.

    The number of statements is constant. Raises `NotThere`, `NothingArrived`, `MoreThanSent`, and then changes nothing.
    """
    transfer, lines = locked_transfer(merchant_id, transfer_id=transfer_id)
    refuse_elsewhere(transfer, transfer.to_node_id)
    good, damaged = Counter[int](), Counter[int]()
    for each in arrived:
        if each.line_id not in lines:
            raise NotThere
        if each.good < 0 or each.damaged < 0:
            raise NothingArrived
        good[each.line_id] += each.good
        damaged[each.line_id] += each.damaged
    came = [lines[pk] for pk in sorted({*good, *damaged}) if good[pk] + damaged[pk]]
    if not came:
        raise NothingArrived
    for line in came:
        if good[line.pk] + damaged[line.pk] > left_of(line):
            raise MoreThanSent(left=left_of(line))
    receipts = Receipt.objects.bulk_create(
        Receipt(
            merchant_id=merchant_id, node_id=transfer.to_node_id, sku_id=line.sku_id, lot_id=line.lot_id,
            owner_id=line.owner_id, good=good[line.pk], damaged=damaged[line.pk], by_name=str(actor)[:150],
            came_from="transit",
        )
        for line in came
    )  # fmt: skip
    arrive_units(
        merchant_id,
        to_dock(receipts, node_id=transfer.to_node_id),
        transit_id=open_transit(transfer.to_node_id),
        actor=actor,
    )
    for line in came:
        line.good += good[line.pk]
        line.damaged += damaged[line.pk]
    TransferLine.objects.bulk_update(came, ["good", "damaged"])
    tell_incoming(merchant_id, {line.sku_id for line in came})
    end_transfer(transfer, list(lines.values()))
    said = {"good": good.total(), "damaged": damaged.total()}
    record_deeds([Deed("transfer", transfer.pk, "transfer_arrived", said, merchant_id=merchant_id)], actor=actor)
    return [receipt.pk for receipt in receipts]


def locked_transfer(merchant_id: int, *, transfer_id: int) -> tuple[Transfer, dict[int, TransferLine]]:
    """Lock a transfer and its lines."""
    rows = Transfer.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=transfer_id)
    if (transfer := rows.first()) is None:
        raise NotThere
    lines = TransferLine.objects.select_for_update(no_key=True).filter(transfer=transfer).order_by("pk")
    return transfer, {line.pk: line for line in lines}


def refuse_elsewhere(transfer: Transfer, *node_ids: int) -> None:
    """Refuse work at nodes of operators whose floor the one who asks does not see."""
    if not set(node_ids) <= {node.node_id for node in nodes_serving([transfer.merchant_id])[transfer.merchant_id]}:
        raise NotHere


def left_of(line: TransferLine) -> int:
    """Give the units of a line that are still on their way."""
    return line.sent - line.good - line.damaged - line.settled


def to_dock(receipts: Sequence[Receipt], *, node_id: int) -> list[Arriving]:
    """Say where the units of receipts of a node go: the good ones to the dock, the damaged ones to quarantine."""
    dock, aside = place_of(node_id, kind="dock").pk, place_of(node_id, kind="quarantine").pk
    return [
        Arriving(
            sku_id=receipt.sku_id, qty=units, lot_id=receipt.lot_id, owner_id=receipt.owner_id, place_id=place,
            condition=condition, doc_kind="receipt", doc_id=receipt.pk, doc_line=n,
        )
        for receipt in receipts
        for n, (units, place, condition) in enumerate(
            ((receipt.good, dock, "sellable"), (receipt.damaged, aside, "damaged"))
        )
        if units
    ]  # fmt: skip


def end_transfer(transfer: Transfer, lines: Sequence[TransferLine]) -> None:
    """Move a transfer on: partly arrived, or arrived when nothing is on its way any more."""
    transfer.state = "partly" if any(left_of(line) for line in lines) else "arrived"
    transfer.ended_at = timezone.now() if transfer.state == "arrived" else None
    transfer.save(update_fields=["state", "ended_at"])
