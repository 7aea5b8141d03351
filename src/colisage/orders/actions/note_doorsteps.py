"""Writing down for whom open orders are and to which door they go, so that those for one parcel are found at once."""

from collections.abc import Collection

from django.db import transaction

from colisage.kit.statements import ask, perform, rows
from colisage.orders.models import Order
from colisage.orders.rules import doorstep_of


@transaction.atomic
def note_doorsteps(order_ids: Collection[int]) -> int:
    """Write down where these orders go, those of them that are open, and who shares a door; give how many were read.

    Harmless when repeated. Three statements, however many they are.
    """
    found = Order.objects.filter(pk__in=order_ids, state="open", quiet=False).values_list(
        "pk", "merchant_id", "ship_to", "email", "customer_name", "phone", "shipping_method"
    )
    told = [
        {
            "id": pk,
            "merchant_id": merchant,
            "key": doorstep_of(address, email=email, name=name, phone=phone, shipping_method=method),
        }
        for pk, merchant, address, email, name, phone, method in found
    ]
    if told:
        ask("orders", "lock_doorsteps", [sorted({one["merchant_id"] for one in told})])
        perform("orders", "note_doorsteps", [rows(told)])
    return len(told)
