"""The one row on which cancel, hold, pick and label meet: a stage moves by compare-and-set."""

from collections.abc import Collection

from django.db import connection, transaction

from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.events import tell
from colisage.kit.statements import statement
from colisage.orders.actions.part_ways import part_ways
from colisage.orders.events import StageReached
from colisage.orders.queries.together import with_mates
from colisage.orders.rules import ALONE, AS_ONE, AT_THE_LABEL, may_move


@transaction.atomic
def advance_stage(
    fulfillment_order_ids: Collection[int],
    *,
    before: Collection[str],
    after: str,
    actor: Actor = SYSTEM,
    even_if_held: bool = False,
) -> list[int]:
    """Move those fulfilment orders that stand at one of the stages `before` to `after`; give the ids that moved.

    Whoever comes second finds the stage changed and moves nothing. A held one does not move towards the door
    (`released`, `labelling`) unless told to. From `packed` on, what goes in one parcel moves together or not at all;
    what falls back before leaves the parcel it shares.
    """
    wrong = [stage for stage in before if not may_move(stage, after)]
    if wrong:
        msg = f"no fulfilment order goes from {wrong} to {after}"
        raise ValueError(msg)
    blocked = after in {"released", "labelling"} and not even_if_held
    ids = set(fulfillment_order_ids)
    everybody = with_mates(ids) if after in AS_ONE else ids
    move = statement("orders", "advance_together") if after in AS_ONE else statement("orders", "advance_stage")
    with connection.cursor() as db:
        db.execute(move, {"ids": sorted(everybody), "before": list(before), "after": after, "blocked": blocked})
        moved = db.fetchall()
    if after in ALONE:
        part_ways([row[0] for row in moved], why=after, actor=actor)
    tell(
        StageReached(
            merchant_id=merchant, order_id=order, fulfillment_order_id=pk, node_id=node, stage=after, before=stage
        )
        for pk, merchant, order, node, stage in moved
        if order is not None
    )
    record_deeds(
        (
            Deed("order", order, _verb(before, after), {"fulfillment_order": pk, "node": node}, merchant_id=merchant)
            for pk, merchant, order, node, before in moved
            if order is not None
        ),
        actor=actor,
    )
    return [row[0] for row in moved]


def _verb(before: str, after: str) -> str:
    """Say what to write down; back from the label is not packed a second time."""
    return "stage_unlabelled" if after == "packed" and before in AT_THE_LABEL else f"stage_{after}"
