"""Taking inserts out of parts: because their units are not there, or because their parts are chosen anew."""

from collections.abc import Collection, Sequence

from django.db import transaction

from colisage.catalog.queries import skus_across
from colisage.inventory.actions.release import release
from colisage.inventory.events import ReservationDemoted
from colisage.inventory.queries import promises_of
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.orders.actions.claim_parts import claim_parts
from colisage.orders.models import FulfillmentLine, Insert
from colisage.orders.queries import parts
from colisage.orders.rules import CANCELLABLE


@transaction.atomic
def leave_out_inserts(fulfillment_line_ids: Collection[int], *, why: str, actor: Actor) -> int:
    """Let parts go without these inserts; give how many. `why` is a code of `orders.rules.LEFT_OUT`.

    What is still held for one is given back. Harmless when repeated. The caller holds the parts.
    """
    rows = list(Insert.objects.filter(line_id__in=_drop(fulfillment_line_ids), state="added").order_by("pk"))
    Insert.objects.filter(pk__in=[row.pk for row in rows]).update(state="left_out", why=why, line_id=None)
    skus = skus_across({row.merchant_id for row in rows}, ids={row.sku_id for row in rows}) if rows else {}
    record_deeds(
        (
            Deed(
                "order", row.order_id, "insert_left_out", {"sku": skus[row.sku_id].code, "left_out": why},
                merchant_id=row.merchant_id,
            )
            for row in rows
        ),
        actor=actor,
    )  # fmt: skip
    return len(rows)


@transaction.atomic
def take_back_inserts(fulfillment_line_ids: Collection[int]) -> None:
    """Take these inserts out of parts that end, and ask for them again: `add_inserts` finds them another part.

    The caller holds the orders and their parts.
    """
    Insert.objects.filter(line_id__in=_drop(fulfillment_line_ids), state="added").update(state="asked", line_id=None)


def _drop(fulfillment_line_ids: Collection[int]) -> list[int]:
    """End the promises of inserts, and have their lines send nothing."""
    ids = sorted(fulfillment_line_ids)
    if ids:
        release("insert", owner_ids=ids)
        FulfillmentLine.objects.filter(pk__in=ids, order_line=None).update(quantity=0)
    return ids


@transaction.atomic
def leave_out_lost(events: Sequence[ReservationDemoted]) -> None:
    """Let parts that are not on the floor go without inserts whose units are gone; picking does so for the others."""
    lost = {event.owner_id for event in events if event.owner_kind == "insert"}
    if not lost:
        return
    lines = dict(FulfillmentLine.objects.filter(pk__in=lost).values_list("pk", "fulfillment_order_id"))
    claim_parts(set(lines.values()))
    idle = {pk for pk, part in parts(set(lines.values())).items() if part.stage in CANCELLABLE}
    kept = {
        promise.owner_id
        for merchant in {event.merchant_id for event in events}
        for promise in promises_of(merchant, owner_kind="insert", owner_ids=lost)
    }
    leave_out_inserts([pk for pk, part in lines.items() if part in idle and pk not in kept], why="lost", actor=SYSTEM)
