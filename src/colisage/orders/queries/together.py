"""Parts of several orders that go in one parcel: who goes with whom, and on which part the parcel hangs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from colisage.kit.statements import ask
from colisage.orders.models import FulfillmentLine, FulfillmentOrder, Order
from colisage.orders.rules import door_of, person_of

MOST = 1_000  # parts that a suggestion is made from


def aboard(fulfillment_order_ids: Collection[int]) -> dict[int, list[int]]:
    """Give the parts of each parcel that these parts go in, by the one it hangs on: the lowest id, itself included.

    A part that goes alone is aboard of its own. One statement, and one more where any go together.
    """
    rows = FulfillmentOrder.objects.filter(pk__in=fulfillment_order_ids).order_by("pk").values_list("pk", "together")
    own = dict(rows)
    shared: dict[int, list[int]] = defaultdict(list)
    if numbers := {number for number in own.values() if number is not None}:
        mates = FulfillmentOrder.objects.filter(together__in=numbers).order_by("pk")
        for pk, number in mates.values_list("pk", "together"):
            shared[number or 0].append(pk)
    found = [[pk] for pk, number in own.items() if number is None] + list(shared.values())
    return {parcel[0]: parcel for parcel in sorted(found)}


def with_mates(fulfillment_order_ids: Collection[int]) -> set[int]:
    """Give parts and all that go in one parcel with them."""
    return {pk for parcel in aboard(fulfillment_order_ids).values() for pk in parcel}


def heads_of(fulfillment_order_ids: Collection[int]) -> dict[int, int]:
    """Give the part on which the parcel of each part hangs; often itself."""
    return {pk: head for head, parcel in aboard(fulfillment_order_ids).items() for pk in parcel}


def heads_by_order(order_ids: Collection[int]) -> dict[int, set[int]]:
    """Give the parts on which the parcels of orders hang, by order: another order's where it goes in its parcel."""
    own = dict(FulfillmentOrder.objects.filter(order__in=order_ids).values_list("pk", "order_id"))
    heads = heads_of(own)
    found: dict[int, set[int]] = {pk: set() for pk in order_ids}
    for pk, order in own.items():
        found[order or 0].add(heads[pk])
    return found


def orders_aboard(fulfillment_order_ids: Collection[int]) -> dict[int, list[int]]:
    """Give the orders whose units go in the parcel of each part, the part's own order first."""
    parcels = aboard(fulfillment_order_ids)
    everybody = {pk for parcel in parcels.values() for pk in parcel}
    rows = FulfillmentOrder.objects.filter(pk__in=everybody, order__isnull=False)
    order_of: Mapping[int, int | None] = dict(rows.values_list("pk", "order_id"))
    found = {}
    for parcel in parcels.values():
        orders = [order for pk in parcel if (order := order_of.get(pk)) is not None]
        for pk in parcel:
            own = order_of.get(pk)
            found[pk] = [*([own] if own else []), *dict.fromkeys(order for order in orders if order != own)]
    return {pk: found[pk] for pk in fulfillment_order_ids if pk in found}


def companions_by_order(order_ids: Collection[int]) -> dict[int, set[int]]:
    """Give the orders that go in one parcel with each of these, itself included; only for those that go with others."""
    shared = FulfillmentOrder.objects.filter(order__in=order_ids, together__isnull=False).values_list("pk", flat=True)
    found: dict[int, set[int]] = defaultdict(set)
    for own, *others in orders_aboard(list(shared)).values():
        found[own] |= {own, *others}
    return dict(found)


def orders_in(numbers: Collection[int]) -> dict[int, set[int]]:
    """Give the orders that go in each shared parcel, by its number; asks nothing where there is none."""
    found: dict[int, set[int]] = defaultdict(set)
    if numbers:
        rows = FulfillmentOrder.objects.filter(together__in=numbers, order__isnull=False)
        for number, order in rows.values_list("together", "order_id"):
            found[number or 0].add(order or 0)
    return dict(found)


def companions_of(order_ids: Collection[int]) -> set[int]:
    """Give the orders that go in one parcel with one of these, themselves included where they go with others."""
    return set().union(*companions_by_order(order_ids).values())


def orders_of_parts(fulfillment_line_ids: Collection[int]) -> dict[int, str]:
    """Give the number of the order that each of these lines is sent for."""
    rows = FulfillmentLine.objects.filter(pk__in=fulfillment_line_ids, fulfillment_order__order__isnull=False)
    return dict(rows.values_list("pk", "fulfillment_order__order__number"))


@dataclass(frozen=True, slots=True)
class Companion:
    """An order with a part that is ready and could go in one parcel with others; `together` when it does already."""

    order_id: int
    number: str
    part_id: int
    together: int | None
    customer: str
    address: Mapping[str, Any]
    units: int


def of_one_person(orders: Iterable[Order]) -> list[list[int]]:
    """Sort orders into groups of one person and one door, by id; who says too little about itself stands alone."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for order in orders:
        person = person_of(order.email, name=order.customer_name, phone=order.phone)
        groups[person or f"={order.pk}", door_of(order.ship_to)].append(order.pk)
    return [sorted(group) for group in groups.values()]


def could_go_together(merchant_ids: Collection[int], *, order_id: int | None = None) -> list[list[Companion]]:
    """Give the orders that could go in one parcel, group by group: one merchant, node, person and door, all ready.

    Those that go together already as a whole are left out. With `order_id` only the group of this order. One statement.
    """
    found = ask("orders", "could_go_together", {"merchants": list(merchant_ids), "order": order_id, "most": MOST})
    groups: dict[tuple[object, ...], list[Companion]] = defaultdict(list)
    for merchant, node, method, email, phone, order, number, part, together, customer, address, units in found:
        one = Companion(order, number, part, together, customer, msgspec.json.decode(address or "{}"), units)
        person = person_of(email, name=one.customer, phone=phone)
        if person and (door := door_of(one.address)):
            groups[merchant, node, method, person, door].append(one)
    return [group for group in groups.values() if _is_of_several(group) and _is_about(order_id, group)]


def _is_about(order_id: int | None, group: Sequence[Companion]) -> bool:
    """Say whether a group is asked for: other orders of the same name may go together elsewhere."""
    return order_id is None or any(one.order_id == order_id for one in group)


def _is_of_several(group: Sequence[Companion]) -> bool:
    return len({one.together or -one.part_id for one in group}) > 1
