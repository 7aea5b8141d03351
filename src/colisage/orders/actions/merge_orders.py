"""Sending several orders of one customer in one parcel, and letting them go by themselves again."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts, skus_by_id
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.kit.statements import ask
from colisage.orders.actions.claim_parts import claim_parts
from colisage.orders.actions.note_changes import note_changes
from colisage.orders.models import FulfillmentOrder, Order
from colisage.orders.queries import Part, parts, parts_of
from colisage.orders.queries.together import companions_by_order, companions_of, with_mates
from colisage.orders.rules import door_of, person_of

MOST = 20  # orders in one parcel


class CannotGoTogether(Refused):
    """The orders do not belong in one parcel, or it is too late for it; `why` says which and what."""

    code = "cannot_go_together"
    text = _("Order %(number)s cannot go in this parcel: %(why)s")


_WHY: dict[str, str | Promise] = {
    "closed": _("it is not open any more."),
    "person": _("it is of another customer."),
    "door": _("it goes to another address."),
    "held": _("it is on hold."),
    "unsourced": _("nobody has decided yet from where it is sent."),
    "waiting": _("its stock is missing, and it would keep the others waiting."),
    "begun": _("it is being prepared already."),
    "node": _("it is sent from another place."),
    "hazardous": _("it holds hazardous goods, which travel alone."),
    "full": _("a parcel takes the units of 20 orders at most."),
}


@transaction.atomic
def merge_orders(
    merchant_id: int, *, groups: Sequence[Collection[int]], actor: Actor
) -> list[int | CannotGoTogether | NotThere]:
    """Let the orders of each group go in one parcel from one node; give how many go in it, or why they do not.

    Each order keeps its own part, and hears of its own lines; one parcel is packed and labelled for all. Those that go
    with others already bring them along. A group is done as a whole or not at all, each by itself. Harmless when
    repeated; the number of statements does not depend on the number of orders.
    """
    asked = {pk for group in groups for pk in group}
    companions = companions_by_order(asked)
    orders = _locked(merchant_id, asked.union(*companions.values()))
    claim_parts([part.id for each in parts_of(orders).values() for part in each])
    found = parts_of(orders)
    skus = skus_by_id(merchant_id, ids={line[2] for each in found.values() for part in each for line in part.lines})
    judged = [
        _judge(set(group).union(*(companions.get(pk, ()) for pk in group)), orders=orders, found=found, skus=skus)
        for group in groups
    ]
    _write([chosen for chosen in judged if not isinstance(chosen, Refused)], orders=orders, actor=actor)
    return [chosen if isinstance(chosen, Refused) else len(chosen) for chosen in judged]


def _judge(
    group: Collection[int],
    *,
    orders: Mapping[int, Order],
    found: Mapping[int, Sequence[Part]],
    skus: Mapping[int, SkuFacts],
) -> list[Part] | CannotGoTogether | NotThere:
    """Choose the parts of orders that go in one parcel, or say why they cannot."""
    if len(group) < 2 or not orders.keys() >= set(group):
        return NotThere()
    members = [orders[pk] for pk in sorted(group)]
    if len(members) > MOST:
        return CannotGoTogether(number=members[-1].number, why=_WHY["full"])
    try:
        chosen = _choose(members, found=found)
    except CannotGoTogether as refusal:
        return refusal
    for order, part in zip(members, chosen, strict=True):
        if any(skus[line[2]].hazardous for line in part.lines):
            return CannotGoTogether(number=order.number, why=_WHY["hazardous"])
    return chosen


def _write(groups: Sequence[Sequence[Part]], *, orders: Mapping[int, Order], actor: Actor) -> None:
    """Give the parts of each group one number, and each order its document; what goes together already stays.

    The number is a new one: that of a part may still be carried by those it went with before.
    """
    notes, fresh = [], []
    several = [group for group in groups if len({part.together for part in group}) > 1 or group[0].together is None]
    numbers = ask("orders", "draw_parcel_numbers", [len(several)])
    for parts_, (number,) in zip(several, numbers, strict=True):
        fresh += [FulfillmentOrder(pk=part.id, together=number) for part in parts_]
        before = _named(parts_, orders=orders)
        after = sorted(orders[pk].number for pk in before)
        notes += [(orders[pk], {"orders": names}, {"orders": after}) for pk, names in before.items()]
    FulfillmentOrder.objects.bulk_update(fresh, ["together"], batch_size=1_000)
    note_changes(notes, kind="merge", actor=actor)


@transaction.atomic
def unmerge_orders(
    merchant_id: int, *, order_ids: Sequence[int], actor: Actor
) -> list[int | CannotGoTogether | NotThere]:
    """Let orders go in parcels of their own again; give of each how many it leaves behind, or why it cannot go.

    `CannotGoTogether` once something of the shared parcel is picked, `NotThere` when it goes with no other. Each order
    is judged by itself; the number of statements does not depend on how many they are.
    """
    orders = _locked(merchant_id, {*order_ids} | companions_of(order_ids))
    asked = [pk for pk in order_ids if pk in orders]
    own = parts_of(asked)
    claim_parts([part.id for each in own.values() for part in each])
    parcels: dict[int, list[Part]] = defaultdict(list)
    for part in parts(with_mates([part.id for each in own.values() for part in each])).values():
        if part.together is not None:
            parcels[part.together].append(part)
    judged = {pk: _leaves(orders[pk], parcels=parcels.values(), orders=orders) for pk in asked}
    leaving = {pk for pk, answer in judged.items() if isinstance(answer, int)}
    _part([each for each in parcels.values() if any(part.order_id in leaving for part in each)], leaving, orders, actor)
    return [judged.get(pk, NotThere()) for pk in order_ids]


def _leaves(
    order: Order, *, parcels: Collection[Sequence[Part]], orders: Mapping[int, Order]
) -> int | CannotGoTogether | NotThere:
    """Say how many others an order leaves behind in the parcels it shares, or why it cannot leave."""
    shared = [part for parcel in parcels if any(part.order_id == order.pk for part in parcel) for part in parcel]
    others = {part.order_id for part in shared} - {order.pk}
    if not others or not others <= orders.keys():
        return NotThere()
    if any(part.stage != "ready" for part in shared):
        return CannotGoTogether(number=order.number, why=_WHY["begun"])
    return len(others)


def _part(
    parcels: Sequence[Sequence[Part]], leaving: Collection[int], orders: Mapping[int, Order], actor: Actor
) -> None:
    """Take the parts of those who leave out of their parcels, and give each order its document."""
    alone: set[int] = set()
    for parcel in parcels:
        staying = [part for part in parcel if part.order_id not in leaving]
        alone |= {part.id for part in parcel if part.order_id in leaving or len(staying) == 1}  # one is like any other
    mates = [part for parcel in parcels for part in parcel]
    before = _named(mates, orders=orders)
    after = _named([replace(part, together=None) if part.id in alone else part for part in mates], orders=orders)
    FulfillmentOrder.objects.filter(pk__in=alone).update(together=None)
    note_changes(
        [(orders[pk], {"orders": before[pk]}, {"orders": after[pk]}) for pk in before], kind="merge", actor=actor
    )


def _locked(merchant_id: int, order_ids: Collection[int]) -> dict[int, Order]:
    rows = Order.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk__in=order_ids)
    return {order.pk: order for order in rows.order_by("pk")}


def _choose(orders: Sequence[Order], *, found: Mapping[int, Sequence[Part]]) -> list[Part]:
    """Choose the part of each order that goes: all from one node, where some go together already if there is one."""
    first = orders[0]
    ready = {order.pk: _ready(order, found[order.pk]) for order in orders}
    for order in orders[1:]:
        theirs = person_of(order.email, name=order.customer_name, phone=order.phone)
        if not theirs or theirs != person_of(first.email, name=first.customer_name, phone=first.phone):
            raise CannotGoTogether(number=order.number, why=_WHY["person"])
        if not door_of(order.ship_to) or door_of(order.ship_to) != door_of(first.ship_to):
            raise CannotGoTogether(number=order.number, why=_WHY["door"])
    nodes = set.intersection(*({part.node_id for part in each} for each in ready.values()))
    if not nodes:
        raise CannotGoTogether(number=orders[-1].number, why=_WHY["node"])
    parts_at = {node: [part for each in ready.values() for part in each if part.node_id == node] for node in nodes}
    node = min(nodes, key=lambda pk: (-sum(part.together is not None for part in parts_at[pk]), pk))
    return [_first_at(node, ready[order.pk]) for order in orders]


def _first_at(node_id: int, ready: Sequence[Part]) -> Part:
    """Give the part that goes from a node: the one that goes with others already, else the first."""
    return min((part for part in ready if part.node_id == node_id), key=lambda part: (part.together is None, part.id))


def _ready(order: Order, own: Sequence[Part]) -> list[Part]:
    """Give the parts of an order that may still go with others; raises why there is none."""
    alive = [part for part in own if part.stage != "cancelled"]
    ready = [part for part in alive if part.stage == "ready"]
    why = (
        "closed" if order.state != "open" or order.quiet
        else "unsourced" if not alive
        else "held" if any(part.held for part in alive)
        else "" if ready
        else "waiting" if any(part.stage == "waiting" for part in alive)
        else "begun"
    )  # fmt: skip
    if why:
        raise CannotGoTogether(number=order.number, why=_WHY[why])
    return ready


def _named(members: Sequence[Part], *, orders: Mapping[int, Order]) -> dict[int, list[str]]:
    """Give the numbers of the orders that each order goes with, itself included."""
    groups: dict[int, set[str]] = {}
    for part in members:
        groups.setdefault(part.together or -part.id, set()).add(orders[part.order_id or 0].number)
    return {part.order_id or 0: sorted(groups[part.together or -part.id]) for part in members}
