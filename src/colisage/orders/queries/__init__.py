"""Orders as people and later steps ask for them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from colisage.orders.models import FulfillmentLine, FulfillmentOrder, Hold, Order, OrderLine, Stage
from colisage.orders.queries.fulfillment import (
    Part,
    StageCount,
    count_stopped,
    orders_without_parts,
    parts,
    parts_of,
    parts_to_pick,
    parts_with_lines,
    stage_counts,
)
from colisage.orders.queries.lists import (
    Filters,
    count_orders,
    order_ids,
    orders_matching,
    orders_named,
    orders_page,
)
from colisage.orders.rules import CANCELLABLE, HOLD_REASONS, ON_FLOOR, cancel_verdict, mailable

__all__ = [
    "CANCELLABLE",
    "ON_FLOOR",
    "Filters",
    "FulfillmentOrder",
    "Hold",
    "Order",
    "OrderLine",
    "Part",
    "Stage",
    "StageCount",
    "cancel_verdict",
    "count_orders",
    "count_stopped",
    "mailable",
    "order_ids",
    "orders_matching",
    "orders_named",
    "orders_page",
    "orders_without_parts",
    "parts",
    "parts_of",
    "parts_to_pick",
    "parts_with_lines",
    "stage_counts",
]  # lists, parts, and rows that the edges show: they read them, and never write

VERBS = {
    "order_accepted": _("%(actor)s took the order in."),
    "order_cancelled": _("%(actor)s cancelled the order."),
    "order_changed": _("%(actor)s changed the order."),
    "order_expected": _("What is owed is expected on %(day)s: %(why)s."),
    "order_expected_never": _("Nobody knows when what is owed will be here: %(why)s."),
    "order_pulled": _("%(actor)s pulled it forward: it is served next when units come."),
    "order_closed": _("The order is complete."),
    "order_reopened": _("%(actor)s opened the order again: something is to be sent from here after all."),
    "parted_held": _("It goes in another parcel than planned: an order of the same parcel waits."),
    "parted_cancelled": _("It goes in another parcel than planned: an order of the same parcel is cancelled."),
    "parted_waiting": _("It goes in another parcel than planned: stock of an order of the same parcel is missing."),
    "parted_address": _("It goes in another parcel than planned: an order of the same parcel has another address."),
    "order_tagged": _("%(actor)s added the tag: %(added)s"),
    "order_instructed": _("%(actor)s asked for: %(value)s"),
    "insert_added": _("Insert: %(sku)s is picked and packed with the order."),
    "insert_left_out": _("Insert left out: %(sku)s, %(left_out)s."),
    "insert_unknown": _("Insert left out: %(sku)s is not in the catalogue."),
    "order_untagged": _("%(actor)s took the tag away: %(dropped)s"),
    "hold_set": _("%(actor)s set a hold: %(reason)s"),
    "hold_set_disrupted": _("Held by the disruption “%(about)s”: %(reason)s"),
    "hold_over": _("The disruption “%(about)s” is over: its hold is released."),
    "hold_taken": _("%(actor)s takes care of the hold."),
    "hold_released": _("%(actor)s released the hold: %(reason)s"),
    "hold_ended": _("The last day of the hold is over, and it is released: %(reason)s"),
    "address_corrected": _("%(actor)s took the suggestion for the address."),
    "address_asked": _("%(actor)s asked the customer about the address."),
    "address_kept": _("%(actor)s kept the address as it was written."),
    "payment_paid": _("%(actor)s told that it is paid."),
    "payment_authorized": _("%(actor)s told that the payment is authorised."),
    "payment_pending": _("%(actor)s told that the payment is pending."),
    "payment_refunded": _("%(actor)s told that the payment was refunded."),
    "stage_ready": _("Everything is there: ready to pick."),
    "stage_waiting": _("Stock is missing: the rest is owed."),
    "stage_released": _("%(actor)s put it into a wave."),
    "stage_picking": _("%(actor)s began to pick."),
    "stage_picked": _("Everything is picked."),
    "stage_packed": _("Packed."),
    "stage_unlabelled": _("It has no label and waits."),
    "stage_labelling": _("A label is asked for."),
    "stage_labelled": _("The label is there: ready to hand over."),
    "stage_handed_over": _("%(actor)s handed it to the carrier."),
    "stage_delivered": _("Delivered."),
    "stage_problem": _("The carrier reports a problem."),
    "stage_cancelled": _("%(actor)s cancelled this part."),
}


def channels_of_orders(order_ids: Collection[int]) -> dict[int, int]:
    """Give the channel through which each order came."""
    return dict(Order.objects.filter(pk__in=order_ids).values_list("pk", "channel_id"))


@dataclass(frozen=True, slots=True)
class OrderAddress:
    """Where an open order goes. `sent` says whether anything of it needs a parcel."""

    order_id: int
    merchant_id: int
    ship_to: dict[str, str] | None
    phone: str
    sent: bool


def addresses_of(order_ids: Collection[int]) -> list[OrderAddress]:
    """Give where open orders go, of any merchant: a question of the workers."""
    needs = OrderLine.objects.filter(order=OuterRef("pk"), requires_shipping=True)
    rows = Order.objects.filter(pk__in=order_ids, state="open").annotate(sent=Exists(needs)).order_by("pk")
    return [OrderAddress(*row) for row in rows.values_list("pk", "merchant_id", "ship_to", "phone", "sent")]


def open_holds_of(merchant_id: int, *, order_ids: Collection[int], kind: str) -> list[int]:
    """Give the ids of the open holds of one kind on orders."""
    rows = Hold.objects.filter(merchant_id=merchant_id, order__in=order_ids, kind=kind, released_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """An order as its channel knows it. `fingerprint` is of what the channel told last."""

    id: int
    state: str
    payment: str
    fingerprint: str
    currency: str


def orders_of_channel(channel_id: int, *, refs: Collection[str]) -> dict[str, OrderSeen]:
    """Find the orders that came through a channel, by the channel's own identity of each."""
    rows = Order.objects.filter(channel_id=channel_id, external_ref__in=refs)
    told = rows.values_list("external_ref", "pk", "state", "payment", "fingerprint", "currency")
    return {ref: OrderSeen(pk, state, payment, mark, currency) for ref, pk, state, payment, mark, currency in told}


def open_holds(merchant_ids: Collection[int]) -> QuerySet[Hold]:
    """Give the open holds of merchants, the oldest first."""
    return (
        Hold.objects.filter(merchant_id__in=merchant_ids, released_at=None, order__state="open")
        .select_related("order")
        .order_by("pk")
    )


def order_of(merchant_ids: Collection[int], *, order_id: int) -> Order | None:
    """Find an order of these merchants."""
    return Order.objects.filter(merchant_id__in=merchant_ids, pk=order_id).select_related("channel", "merchant").first()


def orders_by_id(merchant_id: int, *, ids: Collection[int]) -> dict[int, Order]:
    """Give orders of a merchant by id."""
    return {o.pk: o for o in Order.objects.filter(merchant_id=merchant_id, pk__in=ids)}


def orders_across(ids: Collection[int]) -> dict[int, Order]:
    """Give orders of any merchant by id, for handlers of events, which act for all."""
    return {o.pk: o for o in Order.objects.filter(pk__in=ids).select_related("merchant")}


def lines_of(order_ids: Collection[int]) -> dict[int, list[OrderLine]]:
    """Give the lines of orders, in their order."""
    found: dict[int, list[OrderLine]] = {pk: [] for pk in order_ids}
    for line in OrderLine.objects.filter(order__in=order_ids).order_by("order_id", "position"):
        found[line.order_id].append(line)
    return found


def wishes_of(fulfillment_line_ids: Collection[int]) -> dict[int, str]:
    """Give what the customer asked to be made of the units of these lines, such as an engraving, where anything was."""
    rows = FulfillmentLine.objects.filter(pk__in=fulfillment_line_ids, order_line__personalisation__gt="")
    return dict(rows.values_list("pk", "order_line__personalisation"))


def numbers_of_lines(merchant_id: int, *, owner_ids: Collection[int]) -> dict[int, str]:
    """Give the order number of each of these order lines."""
    rows = OrderLine.objects.filter(merchant_id=merchant_id, pk__in=owner_ids)
    return dict(rows.values_list("pk", "order__number"))


def order_ids_of_lines(merchant_ids: Collection[int], *, line_ids: Collection[int]) -> dict[int, int]:
    """Give the id of the order of each of these order lines, of several merchants."""
    rows = OrderLine.objects.filter(merchant_id__in=merchant_ids, pk__in=line_ids)
    return dict(rows.values_list("pk", "order_id"))


def orders_of_lines(merchant_id: int, *, line_ids: Collection[int]) -> dict[int, Order]:
    """Give the order of each of these order lines."""
    rows = OrderLine.objects.filter(merchant_id=merchant_id, pk__in=line_ids).select_related("order__channel")
    return {line.pk: line.order for line in rows}


def holds_of(order_ids: Collection[int]) -> dict[int, list[Hold]]:
    """Give the holds of orders, open and released."""
    found: dict[int, list[Hold]] = {pk: [] for pk in order_ids}
    for hold in Hold.objects.filter(order__in=order_ids).order_by("pk"):
        found[hold.order_id].append(hold)
    return found


def hold_reason(reason: str) -> str:
    """Say a hold's reason in the active language; a reason written by hand is given as it is."""
    return str(HOLD_REASONS.get(reason, reason))
