"""Asking carriers for shipments once more, each judged by itself."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.orders.queries import parts
from colisage.shipping.actions.ask_again import ask_again
from colisage.shipping.models import Shipment
from colisage.shipping.queries import LIVING


class NotPacked(Refused):
    """A label is wanted for closed parcels of an order that may go."""

    code = "not_packed"
    text = _("Its parcels are not packed, or the order is on hold: no label is asked for.")


class NoService(Refused):
    """No carrier takes the parcels where they go."""

    code = "no_service"
    text = _("Nothing to ask for: no carrier takes these parcels there.")


@transaction.atomic
def retry_each(merchant_id: int, shipment_ids: Sequence[int], *, actor: Actor) -> dict[int, Refused | tuple[int, bool]]:
    """Ask carriers once more for shipments without a label; give of each the shipment it is now, and whether it asked.

    It did not where a label is there or on its way (False), maybe by another shipment of the same parcels.
    """
    ours = Shipment.objects.filter(merchant_id=merchant_id, pk__in=shipment_ids)
    known = {s.pk: s for s in ours}
    asked = ask_again([merchant_id], shipment_ids=list(known), actor=actor)
    heads = {s.fulfillment_order_id for pk, s in known.items() if pk not in asked}
    rows = Shipment.objects.filter(merchant_id=merchant_id, fulfillment_order__in=heads, state__in=LIVING)
    living = dict(rows.values_list("fulfillment_order_id", "pk"))
    waiting = parts(heads)
    became: dict[int, Refused | tuple[int, bool]] = {}
    for pk in shipment_ids:
        if pk not in known:
            became[pk] = NotThere()
        elif pk in asked:
            became[pk] = (asked[pk], True)
        elif (head := known[pk].fulfillment_order_id) in living:
            became[pk] = (living[head], False)
        else:
            ready = head in waiting and waiting[head].stage == "packed" and not waiting[head].held
            became[pk] = NoService() if ready else NotPacked()
    return became
