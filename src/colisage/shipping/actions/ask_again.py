from collections.abc import Collection

from django.db import transaction
from procrastinate.contrib.django import app

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.models import Shipment


@transaction.atomic
def ask_again(operator_ids: Collection[int], *, shipment_ids: Collection[int], actor: Actor) -> int:
    """Try shipments with a problem once more; give how many.

    Where the outcome is unknown the carrier is asked by the same key, now. Where it was refused a new shipment is
    wanted, with the service chosen afresh.
    """
    rows = Shipment.objects.select_for_update(no_key=True).filter(
        operator_id__in=operator_ids, pk__in=shipment_ids, state__in=["unknown", "requested", "failed"]
    )
    shipments = list(rows.order_by("pk"))
    asked = [s for s in shipments if s.state != "failed"]
    Shipment.objects.filter(pk__in=[s.pk for s in asked]).update(asked_at=None)
    if asked:
        app.configure_task("shipping.buy", queue="carriers").defer(shipment_ids=[s.pk for s in asked])
    made = request_shipments([s.fulfillment_order_id for s in shipments if s.state == "failed"], actor=actor)
    record_deeds(
        (Deed("order", s.order_id, "label_asked_again", {"shipment": s.pk}, merchant_id=s.merchant_id) for s in asked),
        actor=actor,
    )
    return len(asked) + len(made)
