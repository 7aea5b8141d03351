"""Giving orders to the floor as a program says, where the floor is the merchant's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import nodes_serving
from colisage.orders.queries import Part, parts
from colisage.people.queries import NotYourFloor, own_operators
from colisage.picking.actions.release_wave import NothingToRelease, release_wave


class NotComplete(Refused):
    """It may not be given to the floor, or not all of it can be bound to bins."""

    code = "not_complete"
    text = _("It is not complete at this node or is on hold, or an order that goes in the same parcel is: it stays.")


@dataclass(frozen=True, slots=True)
class Released:
    """The wave, none when nothing was released; and what became of each that was named (False: released before)."""

    wave_id: int | None
    became: Mapping[int, Refused | bool]


@transaction.atomic
def release_named(
    merchant_id: int, fulfillment_order_ids: Sequence[int] | None, *, node: str, most: int, actor: Actor
) -> Released:
    """Release fulfilment orders of a node, by its code, as one wave, each judged by itself; else its most urgent ones.

    Raises `NotThere` for a node that does not serve the merchant, `NotYourFloor`, and `NothingToRelease` when none were
    named and none may go.
    """
    serving = {one.code.upper(): one for one in nodes_serving([merchant_id])[merchant_id]}
    if (at := serving.get(node.upper())) is None:
        raise NotThere
    if at.operator_id not in own_operators(merchant_id):
        raise NotYourFloor
    if fulfillment_order_ids is None:
        return Released(release_wave(at.operator_id, node_id=at.node_id, actor=actor, most=most), {})
    before = _ours(merchant_id, fulfillment_order_ids)
    ready = [pk for pk, part in before.items() if part.stage == "ready" and part.node_id == at.node_id]
    wave = None
    try:
        if ready:
            wave = release_wave(at.operator_id, node_id=at.node_id, fulfillment_order_ids=ready, actor=actor)
    except NothingToRelease:
        wave = None
    now = _ours(merchant_id, fulfillment_order_ids)
    return Released(wave, {pk: _became(before.get(pk), now.get(pk)) for pk in fulfillment_order_ids})


def _ours(merchant_id: int, ids: Sequence[int]) -> dict[int, Part]:
    return {pk: part for pk, part in parts(ids).items() if part.merchant_id == merchant_id}


def _became(before: Part | None, now: Part | None) -> Refused | bool:
    if before is None or now is None:
        return NotThere()
    if now.stage in {"waiting", "ready", "cancelled", "problem"}:
        return NotComplete()
    return before.stage == "ready"
