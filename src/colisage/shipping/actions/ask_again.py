from collections.abc import Collection

from django.db import transaction
from procrastinate.contrib.django import app

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.orders.actions.claim_parts import claim_parts
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.models import Shipment

OVER = ("failed", "void", "voiding")  # what comes of these is another shipment


@transaction.atomic
def ask_again(
    merchant_ids: Collection[int],
    *,
    shipment_ids: Collection[int],
    operator_ids: Collection[int] | None = None,
    actor: Actor,
) -> dict[int, int]:
    """Ask carriers for shipments once more; give the shipment that each of them is now, itself or a new one.

    Where the outcome is unknown the carrier is asked by the same key, now. Where it was refused, or the label is void,
    a new shipment is wanted, with the service chosen afresh; what cannot have one, or has one, is left out. With
    `operator_ids` only theirs are tried.
    """
    rows = Shipment.objects.filter(
        merchant_id__in=merchant_ids, pk__in=shipment_ids, state__in=["unknown", "requested", *OVER]
    )
    if operator_ids is not None:
        rows = rows.filter(operator_id__in=operator_ids)
    claim_parts(
        list(rows.values_list("fulfillment_order_id", flat=True))
    )  # before shipments, as who voids and hands over
    shipments = list(rows.select_for_update(no_key=True).order_by("pk"))
    asked = [s for s in shipments if s.state not in OVER]
    Shipment.objects.filter(pk__in=[s.pk for s in asked]).update(asked_at=None)
    if asked:
        app.configure_task("shipping.buy", queue="carriers").defer(shipment_ids=[s.pk for s in asked])
    record_deeds(
        (Deed("order", s.order_id, "label_asked_again", {"shipment": s.pk}, merchant_id=s.merchant_id) for s in asked),
        actor=actor,
    )
    made = request_shipments([s.fulfillment_order_id for s in shipments if s.state in OVER], actor=actor)
    fresh = dict(Shipment.objects.filter(pk__in=made).values_list("fulfillment_order_id", "pk"))
    anew = {
        s.pk: fresh[s.fulfillment_order_id] for s in shipments if s.state in OVER and s.fulfillment_order_id in fresh
    }
    return {s.pk: s.pk for s in asked} | anew
