"""Voiding shipments, each judged by itself."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.shipping.actions.void_shipments import void_shipments
from colisage.shipping.models import Shipment


class AlreadyLeft(Refused):
    """A label is not void any more once the carrier has the parcel."""

    code = "already_left"
    text = _("The carrier has these parcels: their labels cannot be voided any more.")


@transaction.atomic
def void_each(merchant_id: int, shipment_ids: Sequence[int], *, actor: Actor) -> dict[int, Refused | bool]:
    """Void the shipments that have not left; say of each whether it was (False: void or refused before), or why not.

    Two who meet, one voiding and one handing over, end in one state, and that is told.
    """
    ours = Shipment.objects.filter(merchant_id=merchant_id, pk__in=shipment_ids)
    alive = ours.filter(state__in=["requested", "unknown", "bought"])
    done = set(void_shipments(list(alive.values_list("fulfillment_order_id", flat=True)), actor=actor))
    now = dict(ours.values_list("pk", "state"))
    return {pk: _became(now.get(pk), voided=pk in done) for pk in shipment_ids}


def _became(state: str | None, *, voided: bool) -> Refused | bool:
    if state is None:
        return NotThere()
    return AlreadyLeft() if state == "handed_over" else voided
