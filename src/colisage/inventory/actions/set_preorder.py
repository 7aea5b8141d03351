"""Opening a SKU for pre-order at a node, and closing it again."""

from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import skus_by_id
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.actions.set_safety import MOST, BadUnits
from colisage.inventory.events import PreorderChanged, SellableGrew
from colisage.inventory.models import Availability
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.events import tell
from colisage.kit.once import insert_once
from colisage.network.queries import nodes_serving
from colisage.people.queries import merchants_by_id

FARTHEST: Final = timedelta(days=5 * 366)


class NotPreordered(Refused):
    """Only what is counted by itself is pre-ordered."""

    code = "not_preordered"
    text = _("%(sku)s is a bundle: open what is in it for pre-order.")


class NoDay(Malformed):
    """A pre-order has a day from which it leaves."""

    code = "no_day"
    text = _("Say from which day on pre-orders leave: today or later, within five years.")


class FewerThanTaken(Refused):
    """Pre-orders that were taken stay taken."""

    code = "fewer_than_taken"
    text = _("%(taken)s are pre-ordered already. Say at least as many, or close the pre-order: those stay.")


@transaction.atomic
def set_preorder(
    merchant_id: int, *, sku_id: int, node_id: int, most: int, on: date | None, strict: bool, actor: Actor
) -> bool:
    """Take at most so many pre-orders of a SKU at a node, which leave from a day on; give whether that is new.

    0 takes no more. What is missing of an order is pre-ordered as long as there is room, and owed beyond it. When
    goods come, pre-orders and what is owed are served in one queue. `strict` keeps the SKU in until its day, even what
    is here: all of it is pre-ordered. Pre-orders that are taken stay, and hear of another day. Raises `FewerThanTaken`,
    `NoDay`, `BadUnits`, `NotPreordered`, and `NotThere` for ids that are not this merchant's.
    """
    sku = skus_by_id(merchant_id, ids=[sku_id]).get(sku_id)
    if sku is None or node_id not in {s.node_id for s in nodes_serving([merchant_id])[merchant_id]}:
        raise NotThere
    if sku.kind == "bundle":
        raise NotPreordered(sku=sku.code)
    if not 0 <= most <= MOST:
        raise BadUnits
    row = _locked(merchant_id, sku_id=sku_id, node_id=node_id)
    before = (row.ahead_cap, row.ahead_on, row.unreleased)
    if most == 0:
        most, strict, on = row.ahead, strict and bool(row.ahead), on if row.ahead else None
    if most < row.ahead:
        raise FewerThanTaken(taken=row.ahead)
    today = timezone.localdate(timezone=ZoneInfo(merchants_by_id({merchant_id})[merchant_id].timezone))
    if most and (on is None or (on != row.ahead_on and not today <= on <= today + FARTHEST)):
        raise NoDay
    after = (most, on, strict and on is not None and on > today)
    if after == before:
        return False
    Availability.objects.filter(sku=sku_id, node=node_id).update(ahead_cap=after[0], ahead_on=on, unreleased=after[2])
    tell([PreorderChanged(merchant_id=merchant_id, sku_id=sku_id)])
    if row.unreleased and not after[2]:
        tell([SellableGrew(merchant_id=merchant_id, sku_id=sku_id, node_id=node_id, qty=0)])
    said = {"node": node_id, "most": after[0], "on": on.isoformat() if on else "", "strict": after[2]}
    record_deeds([Deed("sku", sku_id, "preorder_set", said, merchant_id=merchant_id)], actor=actor)
    return True


def _locked(merchant_id: int, *, sku_id: int, node_id: int) -> Availability:
    """Lock what may be promised of the SKU, in key order; what the node never had gets its row."""
    lock_free([sku_id])
    insert_once([Availability(merchant_id=merchant_id, sku_id=sku_id, node_id=node_id)], by=["sku_id", "node_id"])
    return Availability.objects.select_for_update(no_key=True, of=("self",)).get(sku=sku_id, node=node_id)
