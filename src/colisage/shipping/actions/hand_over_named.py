"""Handing parcels over as a program says: all that wait for a carrier at a node, or some of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import nodes_serving
from colisage.shipping.actions.hand_over import NothingToHandOver, hand_over
from colisage.shipping.actions.note_printed import NoLabel
from colisage.shipping.models import Shipment


class OtherCarrier(Refused):
    """A manifest is of one carrier at one node."""

    code = "other_carrier"
    text = _("It goes from another node or with another carrier: it is on another manifest.")


class StillHeld(Refused):
    """It is on hold, or shares a parcel with an order that is."""

    code = "still_held"
    text = _("The order is on hold, or one that goes in the same parcel: nothing of it leaves.")


@dataclass(frozen=True, slots=True)
class Left:
    """The manifest on which shipments left, none when nothing did; and what became of each (False: gone before)."""

    manifest_id: int | None
    became: Mapping[int, Refused | bool]


@transaction.atomic
def hand_over_named(
    merchant_id: int, shipment_ids: Sequence[int] | None, *, node: str, carrier: str, actor: Actor
) -> Left:
    """Close a manifest of a carrier at a node, both by their codes, with all of a merchant's that wait or these alone.

    Each is judged by itself: what is held stays, whatever else leaves. Others' parcels stay where they are. Raises
    `NotThere` for a node that does not serve the merchant, `NothingToHandOver` when none were named and none wait, and
    `StoppedMeanwhile`.
    """
    serving = {one.code.upper(): one for one in nodes_serving([merchant_id])[merchant_id]}
    if (at := serving.get(node.upper())) is None:
        raise NotThere
    ours = Shipment.objects.filter(merchant_id=merchant_id)
    here = ours.filter(operator_id=at.operator_id, node_id=at.node_id, carrier__code=carrier)
    if shipment_ids is None:
        shipment_ids = list(here.filter(state="bought").order_by("pk").values_list("pk", flat=True))
        if not shipment_ids:
            raise NothingToHandOver
    waiting = dict(here.filter(pk__in=shipment_ids, state="bought").values_list("pk", "carrier_id"))
    made = None
    if waiting:
        try:
            made = hand_over(
                at.operator_id, node_id=at.node_id, carrier_id=next(iter(waiting.values())) or 0, actor=actor,
                shipment_ids=list(waiting),
            )  # fmt: skip
        except NothingToHandOver:  # all of them are held
            made = None
    now = {one.pk: one for one in ours.filter(pk__in=shipment_ids)}
    of_it = set(here.filter(pk__in=shipment_ids).values_list("pk", flat=True))
    return Left(made, {pk: _became(now.get(pk), is_here=pk in of_it, manifest_id=made) for pk in shipment_ids})


def _became(found: Shipment | None, *, is_here: bool, manifest_id: int | None) -> Refused | bool:
    if found is None:
        return NotThere()
    if found.state == "handed_over":
        return manifest_id is not None and found.manifest_id == manifest_id
    if found.state != "bought":
        return NoLabel()
    return StillHeld() if is_here else OtherCarrier()
