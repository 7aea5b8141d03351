"""Orders that should have left and have not."""

from collections.abc import Collection
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from colisage.kit.narrowing import narrowed
from colisage.orders.models import FulfillmentOrder, Order

UNSENT: Final = ("waiting", "ready", "released", "picking", "picked", "packed", "labelling", "labelled")


def late(rows: QuerySet[Order], merchant_ids: Collection[int]) -> QuerySet[Order]:
    """Narrow to what should have left: its cut-off is over or its wanted day has come, and a part was not handed over.

    Late parts are found among the open ones by an index of theirs, and so are orders with a wanted day; one statement
    more.
    """
    unsent = FulfillmentOrder.objects.filter(merchant_id__in=merchant_ids, stage__in=UNSENT, order__isnull=False)
    over = unsent.filter(ship_by__lt=Now())
    due = Q(Exists(unsent.filter(order=OuterRef("pk"))), wanted_on__lte=timezone.localdate(), state="open")
    wanted = Order.objects.filter(due, merchant_id__in=merchant_ids).values_list("pk")
    found = over.values_list("order_id").union(wanted)
    return narrowed(rows, found=found, otherwise=Q(Exists(over.filter(order=OuterRef("pk")))) | due).filter(
        state="open"
    )


def due_on(order: Order) -> date | None:
    """Give the day by which an order is to arrive: the promised one, else the one that is wanted."""
    return order.promised_on or order.wanted_on
