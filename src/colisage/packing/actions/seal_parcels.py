"""Closing parcels: checked, weighed, and standing at the hand-over."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, Refused
from colisage.kit.events import tell
from colisage.kit.statements import statement
from colisage.network.queries import place_of
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.claim_parts import claim_parts
from colisage.orders.queries import Part, parts
from colisage.orders.queries.together import orders_aboard, with_mates
from colisage.packing.events import ParcelSealed
from colisage.packing.models import Parcel, ParcelLine
from colisage.packing.rules import Lying, believable, share_cells


@dataclass(frozen=True, slots=True)
class Seal:
    """A parcel with the weight that the scale shows; `sure` after a second look at a weight that surprises."""

    parcel_id: int
    grams: int
    sure: bool = False


class WrongWeight(Malformed):
    """The contents do not explain the weight."""

    code = "wrong_weight"
    text = _("The scale shows %(grams)s g; the contents weigh from %(low)s to %(high)s g. Check what is inside.")


class NotAllScanned(Refused):
    """Items of the parcel have not been checked."""

    code = "not_all_scanned"
    text = _("Items left to scan: %(left)s.")


class NotOnTheBench(Refused):
    """The units of a parcel are not where picked units lie."""

    code = "not_on_the_bench"
    text = _("The units of parcel %(parcel)s have not been picked.")


class OrderIsCancelled(Refused):
    """The order is cancelled: its parcel will not leave."""

    code = "order_is_cancelled"
    text = _("The order is cancelled. Take everything out again: it goes back to its bins.")


@transaction.atomic
def seal_parcels(merchant_ids: Collection[int], *, seals: Sequence[Seal], actor: Actor) -> list[int]:
    """Close parcels with their weights: units go from the bench to the hand-over; give the ids that closed.

    A fulfilment order whose parcels are all closed becomes `packed`. A parcel closed before is left as it is.
    Raises `OrderIsCancelled`, `NotAllScanned` or, unless the packer is `sure`, `WrongWeight`, and then closes none. The
    number of statements does not depend on the number of parcels.
    """
    asked = {seal.parcel_id: seal for seal in seals}
    mine = Parcel.objects.filter(merchant_id__in=merchant_ids, pk__in=asked).values("fulfillment_order")
    claim_parts(set(mine.values_list("fulfillment_order_id", flat=True)))
    locked = list(
        Parcel.objects.select_for_update(no_key=True)
        .filter(fulfillment_order__in=mine)
        .exclude(state="void")
        .order_by("pk")
    )
    chosen = [p for p in locked if p.pk in asked and p.state == "open" and p.merchant_id in merchant_ids]
    if not chosen:
        return []
    orders = parts({p.fulfillment_order_id for p in chosen})
    if any(part.stage == "cancelled" for part in orders.values()):
        raise OrderIsCancelled
    lines = _lines(locked)
    for parcel in chosen:
        _judge(parcel, asked[parcel.pk], lines=lines[parcel.pk])
    with connection.cursor() as db:
        values: dict[str, Any] = {
            "ids": [p.pk for p in chosen],
            "grams": [asked[p.pk].grams for p in chosen],
            "by": str(actor)[:150],
        }
        db.execute(statement("packing", "seal"), values)
    mates = with_mates(orders)
    post_movements(list(_moves(locked, chosen, lines=lines, orders=orders, mates=mates)), actor=actor)
    _tell(chosen, asked=asked, orders=orders, actor=actor)
    unfinished = Parcel.objects.filter(fulfillment_order=OuterRef("fulfillment_order"), state="open")
    done = Parcel.objects.filter(~Exists(unfinished), pk__in=[p.pk for p in chosen])
    advance_stage(
        set(done.values_list("fulfillment_order_id", flat=True)),
        before={"picked"},
        after="packed",
        actor=actor,
    )
    return [p.pk for p in chosen]


def _lines(parcels: Sequence[Parcel]) -> dict[int, list[ParcelLine]]:
    found: dict[int, list[ParcelLine]] = defaultdict(list)
    for line in ParcelLine.objects.filter(parcel__in=parcels).order_by("parcel_id", "pk"):
        found[line.parcel_id].append(line)
    return found


def _judge(parcel: Parcel, seal: Seal, *, lines: Sequence[ParcelLine]) -> None:
    left = sum(line.quantity - line.scanned for line in lines)
    if left:
        raise NotAllScanned(left=left)
    low, high = believable(parcel.expected_grams, measured=not parcel.remarks)
    if seal.grams < 1 or not (seal.sure or low <= seal.grams <= high):
        raise WrongWeight(grams=seal.grams, low=low, high=high)


def _moves(
    locked: Sequence[Parcel],
    chosen: Sequence[Parcel],
    *,
    lines: Mapping[int, list[ParcelLine]],
    orders: Mapping[int, Part],
    mates: Collection[int],
) -> Iterable[Move]:
    """Move the units of the chosen parcels from where they lie on the bench to the hand-over."""
    lying = _lying(mates)
    handover = {node: place_of(node, kind="handover").pk for node in {part.node_id for part in orders.values()}}
    in_turn = [(line.pk, line.fulfillment_line_id, line.quantity) for p in locked for line in lines[p.pk]]
    shared = share_cells(in_turn, lying=lying)
    for parcel in chosen:
        target = handover[orders[parcel.fulfillment_order_id].node_id]
        for line in lines[parcel.pk]:
            if sum(units for _cell, units in shared[line.pk]) != line.quantity:
                raise NotOnTheBench(parcel=parcel.number)
            for seq, (cell, units) in enumerate(shared[line.pk]):
                spot = Spot(
                    place_id=cell.place_id,
                    lot_id=cell.lot_id,
                    plate_id=cell.plate_id,
                    owner_id=cell.owner_id,
                    condition=cell.condition,
                )
                yield Move(
                    merchant_id=parcel.merchant_id,
                    sku_id=line.sku_id,
                    qty=units,
                    source=spot,
                    target=Spot(place_id=target, lot_id=cell.lot_id, owner_id=cell.owner_id, condition=cell.condition),
                    reason="seal",
                    doc_kind="parcel",
                    doc_id=parcel.pk,
                    doc_line=line.pk,
                    seq=seq,
                )


def _lying(fulfillment_order_ids: Iterable[int]) -> dict[int, list[Lying]]:
    with connection.cursor() as db:
        db.execute(statement("packing", "on_bench"), [list(fulfillment_order_ids)])
        found: dict[int, list[Lying]] = defaultdict(list)
        for line, *rest in db.fetchall():
            found[line].append(Lying(*rest))
    return found


def _tell(chosen: Sequence[Parcel], *, asked: Mapping[int, Seal], orders: Mapping[int, Part], actor: Actor) -> None:
    order_of = {p.pk: orders[p.fulfillment_order_id].order_id for p in chosen}
    inside = orders_aboard(orders)
    tell(
        ParcelSealed(
            merchant_id=p.merchant_id,
            order_id=order,
            fulfillment_order_id=p.fulfillment_order_id,
            parcel_id=p.pk,
            grams=asked[p.pk].grams,
        )
        for p in chosen
        if (order := order_of[p.pk]) is not None
    )
    record_deeds(
        (
            Deed(
                "order",
                order,
                "parcel_sealed",
                {"parcel": p.pk, "number": p.number, "grams": asked[p.pk].grams, "sure": asked[p.pk].sure},
                merchant_id=p.merchant_id,
            )
            for p in chosen
            for order in inside[p.fulfillment_order_id]
        ),
        actor=actor,
    )
