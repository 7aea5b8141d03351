"""Giving orders to the floor: stock bound to bins, orders grouped into carts, each with its walk."""

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts, skus_across
from colisage.inventory.actions.allocate import Bound
from colisage.inventory.actions.pick_units import Pick, pick_units
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import bins_of, node_by_id, place_of, places_by_id
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.claim_parts import claim_parts
from colisage.orders.actions.leave_out_inserts import leave_out_inserts
from colisage.orders.queries import Part, parts, parts_to_pick
from colisage.orders.queries.together import aboard, with_mates
from colisage.picking.actions.cover_needs import Covered, cover_needs
from colisage.picking.actions.plan_batches import plan_batches
from colisage.picking.actions.plan_walk import plan_walk
from colisage.picking.models import PickBatch, PickTask, Wave
from colisage.picking.problem import Cartload, share_totes
from colisage.picking.queries import progress_of


class NothingToRelease(Refused):
    """Nothing at this node may be given to the floor now."""

    code = "nothing_to_release"
    text = _("There is nothing to release: no order here is complete and free of holds.")


@transaction.atomic
def release_wave(
    operator_id: int,
    *,
    node_id: int,
    fulfillment_order_ids: Collection[int] | None = None,
    actor: Actor,
    most: int = 500,
) -> int:
    """Release orders of a node to the floor as one wave; give the wave's id.

    Without ids, the most urgent ones, at most `most`. An order whose units cannot all be bound to bins is left out (and
    goes back to owed when stock is missing); one goes without an insert that cannot. One that is not ready or held is
    left out silently. Raises `NothingToRelease` when none remains.
    """
    node = node_by_id(node_id)
    if node.operator_id != operator_id:
        raise NotThere
    asked = (
        parts_to_pick(node_id, most=most) if fulfillment_order_ids is None else _chosen(node_id, fulfillment_order_ids)
    )
    asked = _claimed(with_mates([part.id for part in asked]))
    merchants = {line[0]: part.merchant_id for part in asked for line in part.lines}
    needs = [p.need(node_id) for p in progress_of([part.id for part in asked]) if p.lacking > 0]
    covered = cover_needs(needs, merchants=merchants)
    wanted = {need.line_id: need.qty for need in needs}
    lacking = {line for line, units in wanted.items() if covered.units(line) != units}
    complete = _whole_parcels(
        [p for p in asked if not any(line[0] in lacking and line[1] is not None for line in p.lines)]
    )
    moved = set(advance_stage([p.id for p in complete], before={"ready"}, after="released", actor=actor))
    released = [p for p in complete if p.id in moved and any(covered.bound.get(line[0]) for line in p.lines)]
    inserts = [line[0] for p in complete if p.id in moved for line in p.lines if line[0] in lacking]
    if inserts:  # in no bin that can be bound: nobody waits for one
        leave_out_inserts(inserts, why="lost", actor=actor)
    idle = moved - {p.id for p in released}  # everything was taken in an earlier wave
    advance_stage(idle, before={"released"}, after="picked", actor=actor)
    _give_back([p for p in asked if p.id not in moved], covered=covered, actor=actor)
    if not released:
        raise NothingToRelease
    return _write(operator_id, node_id=node_id, parts=released, covered=covered, actor=actor)


def _chosen(node_id: int, ids: Collection[int]) -> list[Part]:
    return [p for p in parts(ids).values() if p.node_id == node_id and p.stage == "ready" and not p.held]


def _claimed(ids: Collection[int]) -> list[Part]:
    """Lock parts and give those that may be released now; read under the lock: a merge is before it or after."""
    found = parts(claim_parts(ids, stage="ready"))
    return _whole_parcels([part for part in found.values() if not part.held])


def _whole_parcels(chosen: Sequence[Part]) -> list[Part]:
    """Leave out what goes in one parcel with a part that is not among these: both are picked in one wave."""
    known = {part.id for part in chosen}
    shared = {part.id for part in chosen if part.together is not None}
    parcels = aboard(shared).values() if shared else ()
    left = {pk for parcel in parcels if not known.issuperset(parcel) for pk in parcel}
    return [part for part in chosen if part.id not in left]


def _give_back(left: Sequence[Part], *, covered: Covered, actor: Actor) -> None:
    """Unbind what was bound for orders that stay behind; those whose stock is missing are owed again."""
    idle = [b for part in left for line in part.lines for b in covered.bound.get(line[0], ())]
    if idle:
        pick_units(
            [
                Pick(allocation_id=b.allocation_id, qty=0, place_id=b.place_id, doc_kind="unbind", doc_id=0)
                for b in idle
            ],
            actor=actor,
        )
    owed = [part.id for part in left if any(line[0] in covered.owed for line in part.lines)]
    advance_stage(owed, before={"ready"}, after="waiting", actor=actor)


def _write(operator_id: int, *, node_id: int, parts: Sequence[Part], covered: Covered, actor: Actor) -> int:
    """Write the wave, its batches and their tasks, in three statements."""
    bound = {part.id: [b for line in part.lines for b in covered.bound.get(line[0], ())] for part in parts}
    skus = skus_across({p.merchant_id for p in parts}, ids={b.sku_id for each in bound.values() for b in each})
    bins = {one.id: one for one in bins_of(node_id)}
    bins |= places_by_id({b.place_id for each in bound.values() for b in each} - bins.keys())
    due = {part.id: part.ship_by for part in parts}
    cutoff = min((at for at in due.values() if at), default=None)
    wave = Wave.objects.create(
        operator_id=operator_id,
        node_id=node_id,
        cutoff=cutoff,
        orders=len(parts),
        released_by=str(actor)[:150],
    )
    loads = plan_batches(parts, bound=bound, skus=skus, bins=bins)
    bench = places_by_id({place_of(node_id, kind="bench").pk})
    depot = next(iter(bench.values()))
    walks = [plan_walk((b.place_id for pk in load.totes for b in bound[pk]), bins=bins, depot=depot) for load in loads]
    batches = PickBatch.objects.bulk_create(
        PickBatch(
            operator_id=operator_id,
            wave=wave,
            node_id=node_id,
            cutoff=min((at for pk in load.totes if (at := due[pk])), default=None),
            totes=load.tote_count,
            walk=walk.way,
            walk_millimetres=walk.millimetres,
        )
        for load, walk in zip(loads, walks, strict=True)
    )
    lines = {b.allocation_id: line for line, each in covered.bound.items() for b in each}
    PickTask.objects.bulk_create(
        (
            task
            for batch, load, walk in zip(batches, loads, walks, strict=True)
            for task in _tasks(batch, load=load, order=walk.places, bound=bound, lines=lines, skus=skus)
        ),
        batch_size=2_000,
    )
    record_deeds(
        [
            Deed(
                "wave", wave.pk, "wave_released", {"node": node_id, "orders": len(parts), "batches": len(batches)},
                operator_id=operator_id,
            )
        ],
        actor=actor,
    )  # fmt: skip
    return wave.pk


def _tasks(
    batch: PickBatch,
    *,
    load: Cartload,
    order: Sequence[int],
    bound: Mapping[int, Sequence[Bound]],
    lines: Mapping[int, int],
    skus: Mapping[int, SkuFacts],
) -> list[PickTask]:
    """Give the tasks of a batch, numbered along its walk."""
    turn = {place: n for n, place in enumerate(order)}
    found = [
        (turn[b.place_id], tote, fulfillment_order, b)
        for fulfillment_order, totes in load.totes.items()
        for b, tote in zip(
            bound[fulfillment_order],
            share_totes(bound[fulfillment_order], totes=totes, skus=skus).values(),
            strict=True,
        )
    ]
    found.sort(key=lambda row: (row[0], row[3].sku_id, row[1]))
    return [
        PickTask(
            operator_id=batch.operator_id,
            merchant_id=b.merchant_id,
            batch=batch,
            fulfillment_order_id=fulfillment_order,
            fulfillment_line_id=lines[b.allocation_id],
            sku_id=b.sku_id,
            place_id=b.place_id,
            allocation_id=b.allocation_id,
            quantity=b.qty,
            tote=tote,
            position=position,
        )
        for position, (_turn, tote, fulfillment_order, b) in enumerate(found, 1)
    ]
