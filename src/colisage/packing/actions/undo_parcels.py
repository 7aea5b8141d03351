from collections.abc import Collection, Sequence

from django.db import connection

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.kit.actors import SYSTEM
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.statements import statement
from colisage.orders.actions.claim_parts import claim_parts
from colisage.orders.events import StageReached
from colisage.packing.models import Parcel


def undo_parcels(events: Sequence[StageReached]) -> None:
    """Give up the parcels of parts that are cancelled now: what lay in closed ones lies on the bench again.

    Harmless when repeated. The number of statements does not depend on the number of parcels.
    """
    order_of = {event.fulfillment_order_id: event.order_id for event in events}
    claim_parts(order_of)
    alive = Parcel.objects.select_for_update(no_key=True).filter(fulfillment_order__in=order_of).exclude(state="void")
    parcels = list(alive.order_by("pk"))
    closed = [parcel for parcel in parcels if parcel.state == "sealed"]
    if closed:
        post_movements(_back([parcel.pk for parcel in closed]), actor=SYSTEM)
    Parcel.objects.filter(pk__in=[parcel.pk for parcel in parcels]).update(state="void")
    record_deeds(
        (
            Deed(
                "order", order_of[parcel.fulfillment_order_id], "parcel_undone",
                {"parcel": parcel.pk, "number": parcel.number}, merchant_id=parcel.merchant_id,
            )
            for parcel in closed
        ),
        actor=SYSTEM,
    )  # fmt: skip


def _back(parcel_ids: Collection[int]) -> list[Move]:
    """Move what was sealed to where it lay before."""
    with connection.cursor() as db:
        db.execute(statement("packing", "sealed_units"), [list(parcel_ids)])
        return [
            Move(
                merchant_id=merchant, sku_id=sku, qty=qty, source=_spot(*spots[:5]), target=_spot(*spots[5:]),
                reason="unpack", doc_kind="parcel_undone", doc_id=parcel, doc_line=line, seq=seq,
            )
            for merchant, sku, qty, parcel, line, seq, *spots in db.fetchall()
        ]  # fmt: skip


def _spot(place: int, lot: int | None, plate: int | None, owner: int | None, condition: str) -> Spot:
    return Spot(place_id=place, lot_id=lot, plate_id=plate, owner_id=owner, condition=condition)
