"""What a shop tells of an order after it left: money it paid back, returns it was asked for."""

from collections.abc import Mapping, Sequence

from django.db import connection, transaction
from django.utils import timezone

from colisage.intake.events import AftermathTold
from colisage.intake.ports import OrderTold, RefundTold, ReturnTold
from colisage.intake.queries.messages import told_in
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Refused
from colisage.kit.statements import statement
from colisage.network.queries import channel_facts
from colisage.orders.queries import Order, lines_of, orders_by_id
from colisage.returns.actions.approve_returns import approve_returns
from colisage.returns.actions.close_paid import close_paid
from colisage.returns.actions.mark_paid_back import mark_paid_back
from colisage.returns.actions.refuse_return import refuse_return
from colisage.returns.actions.request_return import Wanted, request_return
from colisage.returns.models import Refund, ReturnLine, ReturnRequest, ShopRefund
from colisage.returns.queries import returnable_of
from colisage.returns.queries.refunds import left_units


def follow_shop(events: Sequence[AftermathTold]) -> None:
    """Write down what shops paid back, and let returns go on as they do there; harmless in any order and repeated.

    Money that the shop paid back is not paid back here again: it settles what was decided here, or the goods of a
    return. Goods that it wants put back, and that left from here, are expected as a return, once all its returns are
    known: a refund may be told before the return it is of.
    """
    for event in events:
        if (told := told_in(event.message_id)) is not None:
            _follow(event, told)


@transaction.atomic
def _follow(event: AftermathTold, told: OrderTold) -> None:
    with connection.cursor() as db:
        db.execute(statement("returns", "lock_order"), [str(event.order_id)])
    order = orders_by_id(event.merchant_id, ids=[event.order_id]).get(event.order_id)
    if order is None:
        return
    channel = channel_facts([order.channel_id]).get(order.channel_id)
    actor = Actor(kind="connector", id=order.channel_id, name=channel.name if channel else "")
    lines = _lines(order)
    for one in told.returns:
        _go_on(order, one, lines=lines, actor=actor)
    known = {one.key: one for one in ShopRefund.objects.filter(order=order)}
    for refund in told.refunds:
        made = known.get(refund.key) or _note(order, refund, lines=lines, actor=actor)
        if made.return_request_id is None and (units := left_units(made)):
            _bring(order, made, units, whole=told.away is not None, actor=actor)


def _lines(order: Order) -> dict[str, int]:
    """Give the order lines by the shop's identity of them: of a line that several send, ours."""
    found: dict[str, int] = {}
    for line in sorted(lines_of([order.pk])[order.pk], key=lambda line: bool(line.served_by)):
        if line.external_ref:
            found.setdefault(line.external_ref, line.pk)
    return found


def _note(order: Order, told: RefundTold, *, lines: Mapping[str, int], actor: Actor) -> ShopRefund:
    made = ShopRefund.objects.create(
        merchant_id=order.merchant_id, order_id=order.pk, key=told.key, at=told.at or timezone.now(),
        total_cents=told.cents, shipping_cents=told.shipping_cents, currency=order.currency,
        lines=[[lines.get(ref), units, left, restock] for ref, units, left, restock in told.lines],
    )  # fmt: skip
    data = {"cents": told.cents, "currency": order.currency, "key": told.key}
    record_deeds([Deed("order", order.pk, "refund_told", data, merchant_id=order.merchant_id)], actor=actor)
    due = Refund.objects.filter(order=order, state="due", total_cents=told.cents).order_by("pk").first()
    if due is not None:
        mark_paid_back(order.merchant_id, refund_id=due.pk, reference=told.key, actor=actor)
        _belongs(made, due.return_request_id, settles=True)
    return made


def _bring(order: Order, refund: ShopRefund, units: Mapping[int, int], *, whole: bool, actor: Actor) -> None:
    """Find the return whose goods a refund pays; where there is none and they are to be put back, expect them."""
    request = _return_of(order, units)
    back = {line: left for line, _units, left, restock in refund.lines if line and left and restock == "return"}
    if request is None and back and whole:
        request = _expect(order, back, key=f"refund:{refund.key}", actor=actor)
    if request is not None:
        _belongs(refund, request, settles=False)
        close_paid(order.merchant_id, return_id=request)


def _belongs(refund: ShopRefund, request: int, *, settles: bool) -> None:
    refund.return_request_id, refund.settles = request, settles
    refund.save(update_fields=["return_request_id", "settles"])


def _return_of(order: Order, units: Mapping[int, int]) -> int | None:
    """Find the return whose goods a refund pays: the first that is not paid back yet and has all its lines."""
    paid = set(
        ShopRefund.objects.filter(order=order, return_request__isnull=False).values_list("return_request", flat=True)
    )
    open_ones = ReturnRequest.objects.filter(order=order).exclude(state__in=["refused", "refunded", "closed"])
    for pk in open_ones.exclude(pk__in=paid).order_by("pk").values_list("pk", flat=True):
        own = dict(ReturnLine.objects.filter(return_request=pk).values_list("order_line", "quantity"))
        if all(own.get(line, 0) >= n for line, n in units.items()):
            return int(pk)
    return None


def _expect(order: Order, units: Mapping[int, int], *, key: str, actor: Actor) -> int | None:
    """Expect goods back that the shop has paid for already; None where they did not leave from here."""
    can = returnable_of(order.merchant_id, order_id=order.pk)
    left = {line.line.pk: line.left for line in can.lines} if can else {}
    wanted = [Wanted(pk, min(n, left[pk]), "changed_mind") for pk, n in units.items() if left.get(pk)]
    if not wanted:
        return None
    made = request_return(order.merchant_id, order_id=order.pk, lines=wanted, actor=actor, external_ref=key)
    approve_returns(order.merchant_id, return_ids=[made], actor=actor)
    return made


def _go_on(order: Order, told: ReturnTold, *, lines: Mapping[str, int], actor: Actor) -> None:
    """Bring a return here as far as the shop is; what is further here stays."""
    request = ReturnRequest.objects.filter(order=order, external_ref=told.key).first()
    if request is None:
        if told.state in {"requested", "open"}:
            _ask(order, told, lines=lines, actor=actor)
    elif told.state == "open" and request.state == "requested":
        approve_returns(order.merchant_id, return_ids=[request.pk], actor=actor)
    elif told.state in {"declined", "cancelled"} and request.state in {"requested", "approved"}:
        refuse_return(order.merchant_id, return_id=request.pk, reason=told.note or told.name, actor=actor)


def _ask(order: Order, told: ReturnTold, *, lines: Mapping[str, int], actor: Actor) -> None:
    can = returnable_of(order.merchant_id, order_id=order.pk)
    left = {line.line.pk: line.left for line in can.lines} if can else {}
    wanted = [
        Wanted(lines[ref], min(units, left[lines[ref]]), reason)
        for ref, units, reason in told.lines
        if ref in lines and left.get(lines[ref])
    ]
    if not wanted:  # it left from somewhere else, and comes back there
        return
    note = "\n".join(filter(None, (told.name, told.note)))
    try:
        with transaction.atomic():
            made = request_return(
                order.merchant_id, order_id=order.pk, lines=wanted, actor=actor, note=note, external_ref=told.key
            )
    except Refused as refusal:
        data = {"number": told.name, "reason": str(refusal)}
        record_deeds([Deed("order", order.pk, "return_not_taken", data, merchant_id=order.merchant_id)], actor=actor)
        return
    if told.state == "open":
        approve_returns(order.merchant_id, return_ids=[made], actor=actor)
