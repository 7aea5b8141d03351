"""Parts of several orders that go in one parcel: who goes with whom, and on which part the parcel hangs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models.expressions import RawSQL

from colisage.kit.statements import ask, statement
from colisage.orders.models import FulfillmentLine, FulfillmentOrder, Order
from colisage.orders.rules import door_of, person_of

MOST = 1_000  # orders that are suggested for one parcel


def aboard(fulfillment_order_ids: Collection[int]) -> dict[int, list[int]]:
    """Give the parts of each parcel that these parts go in, by the one it hangs on: the lowest id, itself included.

    A part that goes alone is aboard of its own. One statement, and one more where any go together.
    """
    rows = FulfillmentOrder.objects.filter(pk__in=fulfillment_order_ids).order_by("pk").values_list("pk", "together")
    return _aboard(dict(rows))


def _aboard(own: Mapping[int, int | None]) -> dict[int, list[int]]:
    """Give the parcels of parts with the number of their shared parcel; asks only where any go together."""
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
    return _heads(aboard(fulfillment_order_ids))


def _heads(parcels: Mapping[int, Collection[int]]) -> dict[int, int]:
    return {pk: head for head, parcel in parcels.items() for pk in parcel}


def heads_by_order(order_ids: Collection[int]) -> dict[int, set[int]]:
    """Give the parts on which the parcels of orders hang, by order: another order's where it goes in its parcel.

    One statement, and one more where any go together.
    """
    rows = FulfillmentOrder.objects.filter(order__in=order_ids).order_by("pk")
    own = list(rows.values_list("pk", "order_id", "together"))
    heads = _heads(_aboard({pk: number for pk, _order, number in own}))
    found: dict[int, set[int]] = {pk: set() for pk in order_ids}
    for pk, order, _number in own:
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


def of_one_person(orders: Iterable[Order]) -> list[list[int]]:
    """Sort orders into groups of one person and one door, by id; who says too little about itself stands alone."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for order in orders:
        person = person_of(order.email, name=order.customer_name, phone=order.phone)
        groups[person or f"={order.pk}", door_of(order.ship_to)].append(order.pk)
    return [sorted(group) for group in groups.values()]


def could_go_with(merchant_id: int, *, order_id: int) -> dict[int, str]:
    """Give the orders that could go in one parcel with this one and do not yet, with their numbers.

    One merchant, node, person, door and delivery, all to pick. One statement.
    """
    return dict(ask("orders", "could_go_with", {"merchant": merchant_id, "order": order_id, "most": MOST}))


def sharing_a_door(merchant_ids: Collection[int]) -> RawSQL:
    """Give the ids of the orders that could go in one parcel with another, to narrow a list to them.

    Read from what is written down (`Doorstep`), so that it costs what there is to show, however much there is to pick.
    """
    return RawSQL(statement("orders", "shares_a_door"), [list(merchant_ids)])  # noqa: S611 -- a statement of ours
