from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import skus_by_id
from colisage.inbound.actions.tell_incoming import tell_incoming
from colisage.inbound.actions.write_purchase import DayIsPast
from colisage.inbound.models import Transfer, TransferLine
from colisage.inbound.rules.purchasing import MOST_UNITS
from colisage.inventory.actions.send_units import NotFree, Sent, send_units
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.actions.open_transit import open_transit
from colisage.network.queries import nodes_serving, places_by_id
from colisage.ui import words


class NothingSent(Malformed):
    """A transfer is of units, from one node to another."""

    code = "nothing_sent"
    text = _("Send at least one unit, and at most a million, of one SKU.")


class SameNode(Malformed):
    """A transfer goes elsewhere."""

    code = "same_node"
    text = _("The units are at this node already. Choose another one.")


class TooFewFree(Refused):
    """Not so many units are free; nothing was sent."""

    code = "too_few_free"
    text = _("Only %(free)s of %(wanted)s × %(sku)s are free at this node. Nothing was sent.")


@transaction.atomic
def send_transfer(
    merchant_id: int,
    wanted: Sequence[tuple[int, int]],
    *,
    from_node_id: int,
    to_node_id: int,
    once: str,
    actor: Actor,
    expected_on: date | None = None,
    note: str = "",
) -> int:
    """Send free units of (SKU id, units) from one node of a merchant to another; give the transfer.

    They leave the bins at once and are incoming at the other node. The same `once` again is the same transfer. Raises
    `NotThere` for ids that are not this merchant's, `TooFewFree`, `SameNode`, `NothingSent`, `DayIsPast`.
    """
    known = Transfer.objects.filter(merchant_id=merchant_id, once=once).values_list("pk", flat=True).first()
    if known is not None:
        return known
    nodes = {node.node_id: node for node in nodes_serving([merchant_id])[merchant_id]}
    skus = skus_by_id(merchant_id, ids={sku for sku, _qty in wanted})
    if not {from_node_id, to_node_id} <= set(nodes) or {sku for sku, _qty in wanted} - set(skus):
        raise NotThere
    if from_node_id == to_node_id:
        raise SameNode
    if not wanted or any(not 0 < qty <= MOST_UNITS for _sku, qty in wanted):
        raise NothingSent
    if expected_on is not None and expected_on < timezone.localdate():
        raise DayIsPast(day=words.day(expected_on, style="numeric"))
    made = Transfer.objects.create(
        merchant_id=merchant_id, from_node_id=from_node_id, to_node_id=to_node_id, once=once, expected_on=expected_on,
        note=note[:200], by_name=str(actor)[:150],
    )  # fmt: skip
    try:
        sent = send_units(
            merchant_id,
            wanted,
            node_id=from_node_id,
            transit_id=open_transit(to_node_id),
            document_id=made.pk,
            actor=actor,
        )
    except NotFree as refusal:
        raise TooFewFree(**refusal.places, sku=skus[refusal.sku_id].code) from refusal
    TransferLine.objects.bulk_create(_lines(made, sent))
    tell_incoming(merchant_id, {each.sku_id for each in sent})
    record_deeds(
        [Deed("transfer", made.pk, "transfer_sent", {"units": sum(s.qty for s in sent)}, merchant_id=merchant_id)],
        actor=actor,
    )
    return made.pk


def _lines(made: Transfer, sent: Sequence[Sent]) -> list[TransferLine]:
    """Give a line for what is alike in SKU, lot and owner, with the bins it was taken from."""
    codes = {pk: place.code for pk, place in places_by_id({s.place_id for s in sent}).items()}
    alike: defaultdict[tuple[int, int | None, int | None], list[Sent]] = defaultdict(list)
    for each in sent:
        alike[each.sku_id, each.lot_id, each.owner_id].append(each)
    return [
        TransferLine(
            merchant_id=made.merchant_id,
            transfer=made,
            sku_id=sku,
            lot_id=lot,
            owner_id=owner,
            sent=sum(each.qty for each in taken),
            bins=", ".join(f"{codes.get(each.place_id, '')} × {each.qty}" for each in taken)[:300],
        )
        for (sku, lot, owner), taken in alike.items()
    ]
