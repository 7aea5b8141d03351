from collections.abc import Collection

from django.db import transaction
from procrastinate.contrib.django import app

from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.events import tell
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.queries.together import aboard
from colisage.shipping.events import ShipmentVoided
from colisage.shipping.models import Label, Shipment


@transaction.atomic
def void_shipments(fulfillment_order_ids: Collection[int], *, actor: Actor = SYSTEM) -> list[int]:
    """Stop the shipments of parts that have not left: labels are void at once, and given back by a worker.

    The parts, and those that go in one parcel with them, go back to packed (a cancelled one stays so).
    One whose answer is still awaited is given back as well. Gives the ids of the shipments; harmless when repeated.
    """
    advance_stage(fulfillment_order_ids, before=["labelling", "labelled"], after="packed", actor=actor)
    alive = Shipment.objects.select_for_update(no_key=True).filter(
        fulfillment_order__in=aboard(fulfillment_order_ids), state__in=["requested", "unknown", "bought"]
    )
    shipments = list(alive.order_by("pk"))
    asked = [s.pk for s in shipments if s.state != "requested"]
    Shipment.objects.filter(pk__in=[s.pk for s in shipments if s.state == "requested"]).update(state="void")
    Shipment.objects.filter(pk__in=asked).update(state="voiding", attempts=0, asked_at=None)
    Label.objects.filter(shipment__in=asked).update(state="void")
    tell(
        ShipmentVoided(
            merchant_id=s.merchant_id,
            order_id=s.order_id,
            fulfillment_order_id=s.fulfillment_order_id,
            shipment_id=s.pk,
        )
        for s in shipments
    )
    record_deeds(
        (Deed("order", s.order_id, "label_voided", {"shipment": s.pk}, merchant_id=s.merchant_id) for s in shipments),
        actor=actor,
    )
    if asked:
        app.configure_task("shipping.give_back", queue="carriers").defer(shipment_ids=[*asked])
    return [s.pk for s in shipments]
