"""The first of the three verbs of buying labels: the intent, with the service chosen and explained."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.events import tell
from colisage.kit.statements import rows, statement
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.claim_parts import claim_parts
from colisage.orders.queries.late import due_on
from colisage.shipping.actions.stop_disrupted import stop_disrupted
from colisage.shipping.events import ShipmentFailed
from colisage.shipping.models import Shipment
from colisage.shipping.problem import Case, cases_of, choices_of, packed_parts
from colisage.shipping.rules import Choice

AT_ONCE = 100  # shipments of one job


@transaction.atomic
def request_shipments(fulfillment_order_ids: Collection[int], *, actor: Actor = SYSTEM) -> list[int]:
    """Want labels for what is packed; give the ids of the shipments, which a worker buys.

    The stage goes from packed to labelling by compare-and-set, so two who ask get one shipment. A held one waits, and
    so does what a disruption stops. Where nobody carries to, the shipment has failed, with the reason, and the part
    stays packed. Orders that go in one parcel get one shipment, and a hold on one of them keeps all. The number of
    statements does not depend on the number of orders.
    """
    stop_disrupted(fulfillment_order_ids)
    claim_parts(fulfillment_order_ids)  # a change of address comes before all of it, or after
    now = timezone.now()
    cases = cases_of(packed_parts(fulfillment_order_ids), now=now)
    if not cases:
        return []
    choices = choices_of(cases, on=now.date())
    served = [case.part.id for case in cases if choices[case.part.id].chosen]
    moved = set(advance_stage(served, before=["packed"], after="labelling", actor=actor))
    fresh = [case for case in cases if case.part.id in moved or choices[case.part.id].chosen is None]
    Shipment.objects.filter(fulfillment_order__in=[c.part.id for c in fresh], state="failed").update(state="void")
    with connection.cursor() as db:
        wanted = [_row(case, choices[case.part.id]) for case in fresh]
        db.execute(statement("shipping", "insert_shipments"), [rows(wanted)])
        made = db.fetchall()
    _tell([pk for pk, _ in made], actor=actor)
    ids = [pk for pk, state in made if state == "requested"]
    job = app.configure_task("shipping.buy", queue="carriers")
    for start in range(0, len(ids), AT_ONCE):
        job.defer(shipment_ids=ids[start : start + AT_ONCE])
    return ids


def _row(case: Case, choice: Choice) -> dict[str, Any]:
    """Write the intent; the key is drawn here, once, and travels with every call to the carrier."""
    chosen = choice.chosen
    return {
        "merchant_id": case.part.merchant_id,
        "operator_id": case.origin.operator_id,
        "node_id": case.part.node_id,
        "order_id": case.order.pk,
        "fulfillment_order_id": case.part.id,
        "service_id": chosen.service_id if chosen else None,
        "state": "requested" if chosen else "failed",
        "idempotency_key": uuid.uuid4().hex,
        "quoted_cents": chosen.cents if chosen else 0,
        "currency": chosen.currency if chosen else case.order.currency,
        "promised_on": case.order.promised_on,
        "arrives_on": chosen.arrives_on if chosen else None,
        "ship_by": case.part.ship_by,
        "parcels": len(case.parcels),
        "grams": case.grams,
        "why": choice.why(leaves_on=case.origin.leaves_on, promised_on=due_on(case.order)),
        "problem": "" if chosen else "no_service",
    }


def _tell(shipment_ids: Sequence[int], *, actor: Actor) -> None:
    """Say which service was chosen, or that none was."""
    shipments = list(Shipment.objects.filter(pk__in=shipment_ids).select_related("service").order_by("pk"))
    tell(
        ShipmentFailed(
            merchant_id=s.merchant_id,
            order_id=s.order_id,
            fulfillment_order_id=s.fulfillment_order_id,
            shipment_id=s.pk,
            problem=s.problem,
        )
        for s in shipments
        if s.state == "failed"
    )
    record_deeds(
        (
            Deed(
                "order",
                s.order_id,
                "service_chosen" if s.service else "no_service",
                {"shipment": s.pk, "service": s.service.name if s.service else "", "cents": s.quoted_cents},
                merchant_id=s.merchant_id,
            )
            for s in shipments
        ),
        actor=actor,
    )
