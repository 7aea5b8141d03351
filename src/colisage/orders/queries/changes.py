"""Orders as a change meets them, and what was changed of them."""

from collections.abc import Collection

from django.db.models import Max
from django.utils.functional import Promise

from colisage.kit.paid import Paid, PaidLine, net, part_of
from colisage.orders.models import Order, OrderChange, OrderLine
from colisage.orders.problem import too_late
from colisage.orders.queries import Part
from colisage.orders.rules import CHANGE_REASONS, CHARGES, OF_THE_ORDER, Piece, address_verdict, growth_verdict

__all__ = ["CHANGE_REASONS", "OrderChange"]


def pieces_of(parts: Collection[Part]) -> tuple[list[Piece], dict[int, int]]:
    """Give the fulfilment lines of parts that are not cancelled, and the order line of each."""
    alive = [part for part in parts if part.stage != "cancelled"]
    pieces = [
        Piece(part.id, part.stage, part.node_id, line, sku, units, reservation)
        for part in alive
        for line, owner, sku, units, reservation in part.lines
        if owner is not None
    ]
    return pieces, {row[0]: row[1] for part in alive for row in part.lines if row[1] is not None}


def paid_of(order: Order, lines: Collection[OrderLine]) -> Paid:
    """Give what was paid for an order, as arithmetic takes it.

    Units that joined it and were cancelled again are left out, with what they cost: the order is as if they had never
    been, and no discount is spread over them.
    """
    found, cents_off, tax_off = [], 0, 0
    told = any(line.tax_cents for line in lines)
    for line in lines:
        gone = min(line.cancelled, line.joined)
        cents = line.quantity * line.unit_price_cents - line.discount_cents
        joined = cents if line.joined == line.quantity else line.joined * line.unit_price_cents
        start = line.joined - gone
        off = part_of(joined, of=line.joined, start=start, end=line.joined) if gone else 0
        tax = part_of(line.joined_tax_cents, of=line.joined, start=start, end=line.joined) if gone else 0
        cents_off, tax_off = cents_off + off, tax_off + tax
        if line.quantity > gone:
            own_tax = line.tax_cents - tax if told else 0
            found.append(PaidLine(line.pk, line.quantity - gone, cents - off, own_tax))
    return Paid(
        lines=tuple(found),
        total_cents=order.total_cents - cents_off - (0 if order.prices_include_tax else tax_off),
        shipping_cents=order.shipping_cents,
        discount_cents=order.discount_cents,
        tax_cents=order.tax_cents - tax_off,
        prices_include_tax=order.prices_include_tax,
        credit_cents=credit_of(order),
        extra_cents=sum(max(int(charge["cents"]), 0) for charge in order.charges if charge["kind"] in OF_THE_ORDER),
    )


def comes_to(order: Order, lines: Collection[OrderLine]) -> int:
    """Give the cents an order comes to without what is cancelled; what gift cards paid is not in it."""
    return net(paid_of(order, lines), cancelled={line.pk: max(line.cancelled - line.joined, 0) for line in lines})


def credit_of(order: Order) -> int:
    """Give the cents of an order that gift cards paid."""
    return sum(max(-int(charge["cents"]), 0) for charge in order.charges if charge["kind"] == "gift_card")


def changes_of(merchant_id: int, *, order_id: int) -> list[OrderChange]:
    """Give what was changed of an order after it was accepted, in order."""
    return list(OrderChange.objects.filter(merchant_id=merchant_id, order=order_id).order_by("number"))


def changes_across(ids: Collection[int]) -> dict[int, OrderChange]:
    """Give changes of any merchant by id, for handlers of events, which act for all."""
    return {change.pk: change for change in OrderChange.objects.filter(pk__in=ids)}


def last_number(order_id: int) -> int:
    """Give the number of an order's last change; 0 when there is none."""
    return OrderChange.objects.filter(order=order_id).aggregate(last=Max("number"))["last"] or 0


def change_reason(reason: str) -> str:
    """Say a change's reason in the active language; one written by hand is given as it is."""
    return str(CHANGE_REASONS.get(reason, reason))


def may_change(stages: Collection[str], *, name: str = "") -> tuple[str, bool]:
    """Say why an address stays, by the stages of an order's parts ("" when it may change), and whether it may grow."""
    verdict = address_verdict(stages)
    return str(too_late(verdict, name=name)) if verdict else "", not growth_verdict(stages)


def charges_told(order: Order) -> list[tuple[str | Promise, str, int]]:
    """Give what an order costs besides goods and carriage: what it is, its own name, the cents."""
    return [(CHARGES.get(c["kind"], c["kind"]), c["name"], c["cents"]) for c in order.charges]
