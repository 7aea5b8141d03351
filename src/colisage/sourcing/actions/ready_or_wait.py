"""Keeping the stage of fulfilment orders true to their promises: complete ones are ready, others wait."""

from collections import Counter
from collections.abc import Sequence

from colisage.inventory.events import ReservationDemoted, WaitingServed
from colisage.inventory.queries import promises_of
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.claim_parts import claim_parts
from colisage.orders.queries import parts_with_lines


def ready_or_wait(events: Sequence[WaitingServed | ReservationDemoted]) -> None:
    """Look at the fulfilment orders whose promises changed: ready when all they need is held, else waiting."""
    lines = {(e.merchant_id, e.owner_id) for e in events if e.owner_kind == "order_line"}
    parts = [p for p in parts_with_lines({line for _, line in lines}) if p.stage in {"ready", "waiting"}]
    held: Counter[tuple[int, int, int | None]] = Counter()
    for merchant in sorted({part.merchant_id for part in parts}):
        owners = {row[1] for part in parts if part.merchant_id == merchant for row in part.lines if row[1]}
        for promise in promises_of(merchant, owner_kind="order_line", owner_ids=owners):
            if promise.state in {"held", "picked"}:
                held[promise.owner_id, promise.sku_id, promise.node_id] += promise.qty
    complete, lacking = [], []
    for part in parts:
        needed: Counter[tuple[int, int, int | None]] = Counter()
        for _, line, sku, units, _ in part.lines:
            if line is not None:
                needed[line, sku, part.node_id] += units
        enough = all(held[key] >= units for key, units in needed.items())
        if enough and part.stage == "waiting":
            complete.append(part.id)
        elif not enough and part.stage == "ready":
            lacking.append(part.id)
    claim_parts([*complete, *lacking])  # both at once: two ordered steps are no order
    advance_stage(complete, before=["waiting"], after="ready")
    advance_stage(lacking, before=["ready"], after="waiting")
