from collections.abc import Collection

from django.db import transaction

from colisage.inventory.queries import units_kept
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.claim_parts import claim_parts
from colisage.orders.queries import parts_of
from colisage.orders.queries.changes import pieces_of
from colisage.orders.rules import stages_to_be


@transaction.atomic
def settle_parts(order_ids: Collection[int]) -> int:
    """Keep the stage of parts that nobody works on true to their promises: complete ones are ready, others wait.

    Several parts of one order at one node share what is there: what is on the floor first, then what was ready. Gives
    how many parts moved.
    """
    parts = [part for each in parts_of(order_ids).values() for part in each]
    pieces, owners = pieces_of(parts)
    kept: dict[tuple[int, int, int], int] = {}
    for merchant in sorted({part.merchant_id for part in parts}):
        mine = {row[1] for part in parts if part.merchant_id == merchant for row in part.lines if row[1]}
        kept |= units_kept(merchant, owner_kind="order_line", owner_ids=mine)
    stages = stages_to_be(pieces, owners=owners, kept=kept)
    claim_parts(stages)  # both at once: two ordered steps are no order
    complete = [pk for pk, stage in stages.items() if stage == "ready"]
    lacking = [pk for pk, stage in stages.items() if stage == "waiting"]
    return len(advance_stage(complete, before=["waiting"], after="ready")) + len(
        advance_stage(lacking, before=["ready"], after="waiting")
    )
