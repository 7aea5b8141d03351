"""The driver is here: what is labelled leaves the books of the node, on one manifest."""

from collections.abc import Collection, Iterable, Sequence

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from colisage.inventory.actions.consume import consume
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused
from colisage.kit.events import tell
from colisage.kit.statements import statement
from colisage.network.queries import virtual_place
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.queries import parts
from colisage.orders.queries.together import aboard
from colisage.shipping.events import ShipmentHandedOver
from colisage.shipping.models import Label, Manifest, Shipment


class NothingToHandOver(Refused):
    """No labelled parcel waits for this carrier here."""

    code = "nothing_to_hand_over"
    text = _("No parcel with a label waits for this carrier.")


class StoppedMeanwhile(Refused):
    """A hold was set on an order between the count and the hand-over."""

    code = "stopped_meanwhile"
    text = _("An order was stopped just now. Look at the list again, then hand over.")


@transaction.atomic
def hand_over(
    operator_id: int,
    *,
    node_id: int,
    carrier_id: int,
    actor: Actor,
    shipment_ids: Collection[int] | None = None,
) -> int:
    """Close the manifest of a carrier at a node: everything labelled, or only some shipments; give its id.

    Units go from the hand-over to the customer, promises end, parts are handed over; each order in a parcel hears of
    it. Held parts, and parcels with one in them, stay. Raises
    `NothingToHandOver`. The number of statements does not depend on the number of shipments.
    """
    waiting = Shipment.objects.filter(operator_id=operator_id, node_id=node_id, carrier_id=carrier_id, state="bought")
    if shipment_ids is not None:
        waiting = waiting.filter(pk__in=shipment_ids)
    ready = _free(waiting.values_list("fulfillment_order_id", flat=True))
    moved = advance_stage(ready, before=["labelled"], after="handed_over", actor=actor)
    leaving = parts(moved)  # read again: the rows are locked now
    if any(part.held for part in leaving.values()):
        raise StoppedMeanwhile
    shipments = list(
        Shipment.objects.select_for_update(no_key=True)
        .filter(fulfillment_order__in=moved, state="bought")
        .order_by("pk")
    )
    if not shipments:
        raise NothingToHandOver
    manifest = Manifest.objects.create(
        operator_id=operator_id,
        node_id=node_id,
        carrier_id=carrier_id,
        shipments=len(shipments),
        parcels=sum(s.parcels for s in shipments),
        grams=sum(s.grams for s in shipments),
        closed_by=str(actor)[:150],
    )
    Shipment.objects.filter(pk__in=[s.pk for s in shipments]).update(state="handed_over", manifest=manifest)
    labels = _labels(shipments)
    post_movements(list(_moves([parcel for found in labels.values() for parcel, _ in found])), actor=actor)
    _consume([line for part in leaving.values() for line in part.lines], node_id=node_id)
    inside = aboard([s.fulfillment_order_id for s in shipments])
    tell(
        ShipmentHandedOver(
            merchant_id=s.merchant_id,
            order_id=order,
            fulfillment_order_id=part,
            shipment_id=s.pk,
            tracking_numbers=tuple(number for _, number in labels[s.pk]),
        )
        for s in shipments
        for part in inside[s.fulfillment_order_id]
        if (order := leaving[part].order_id) is not None
    )
    app.configure_task("shipping.announce", queue="carriers").defer(manifest_ids=[manifest.pk])
    return manifest.pk


def _consume(lines: Sequence[tuple[int, int | None, int, int, int | None]], *, node_id: int) -> None:
    """End the promises of lines that leave: those of order lines, and of inserts, which are promised to the line."""
    consume("order_line", owner_ids={line[1] for line in lines if line[1]}, node_id=node_id)
    if inserts := {line[0] for line in lines if line[1] is None}:
        consume("insert", owner_ids=inserts, node_id=node_id)


def _free(fulfillment_order_ids: Collection[int]) -> list[int]:
    """Give the parts on which parcels hang of whose orders none is held."""
    parcels = aboard(fulfillment_order_ids)
    found = parts({pk for parcel in parcels.values() for pk in parcel})
    return [head for head, parcel in parcels.items() if not any(found[pk].held for pk in parcel)]


def _labels(shipments: Sequence[Shipment]) -> dict[int, list[tuple[int, str]]]:
    """Give the parcels of shipments with their tracking numbers."""
    found: dict[int, list[tuple[int, str]]] = {s.pk: [] for s in shipments}
    good = Label.objects.filter(shipment__in=found, state="good").order_by("pk")
    for shipment, parcel, number in good.values_list("shipment_id", "parcel_id", "tracking_number"):
        found[shipment].append((parcel, number))
    return found


def _moves(parcel_ids: Sequence[int]) -> Iterable[Move]:
    """Move the units of parcels from where their sealing put them to the customer."""
    customer = virtual_place("customer")
    with connection.cursor() as db:
        db.execute(statement("shipping", "at_handover"), [list(parcel_ids)])
        for merchant, sku, qty, parcel, line, seq, place, lot, plate, owner, condition in db.fetchall():
            yield Move(
                merchant_id=merchant,
                sku_id=sku,
                qty=qty,
                source=Spot(place_id=place, lot_id=lot, plate_id=plate, owner_id=owner, condition=condition),
                target=Spot(place_id=customer, lot_id=lot, owner_id=owner, condition=condition),
                reason="hand_over",
                doc_kind="parcel_out",
                doc_id=parcel,
                doc_line=line,
                seq=seq,
            )
