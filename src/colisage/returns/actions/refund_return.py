"""Deciding a refund, to the cent, from what came back."""

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.kit.events import tell
from colisage.kit.statements import statement
from colisage.returns.events import Refunded
from colisage.returns.models import Refund, RefundLine, ReturnRequest
from colisage.returns.queries import refund_preview
from colisage.returns.rules import Back


class NotInspected(Refused):
    """A refund is decided once, from what was found on the table."""

    code = "not_inspected"
    text = _("Inspect return %(number)s first; its refund follows from what came.")


class NothingToPayBack(Refused):
    """No whole item came back."""

    code = "nothing_to_pay_back"
    text = _("No whole item came back with return %(number)s. Refuse it, and say why.")


@transaction.atomic
def refund_return(merchant_id: int, *, return_id: int, actor: Actor) -> int:
    """Decide what is paid back for a return that is inspected; give the id of the refund. Asking again gives the same.

    The money moves in the shop's own system: the refund is due until the desk says it was paid.
    """
    known = ReturnRequest.objects.filter(merchant_id=merchant_id, pk=return_id).values_list("order_id", flat=True)
    order_id = known.first()
    if order_id is None:
        raise NotThere
    with connection.cursor() as db:
        db.execute(statement("returns", "lock_order"), [str(order_id)])
    request = ReturnRequest.objects.select_for_update(no_key=True).get(merchant_id=merchant_id, pk=return_id)
    existing = Refund.objects.filter(merchant_id=merchant_id, return_request=request).first()
    if existing is not None:
        return existing.pk
    if request.state != "inspected":
        raise NotInspected(number=request.number)
    back = refund_preview(merchant_id, return_id=return_id)
    if back is None or not back.lines:
        raise NothingToPayBack(number=request.number)
    made = _write(request, back)
    ReturnRequest.objects.filter(pk=request.pk).update(state="refunded")
    tell(
        [
            Refunded(
                merchant_id=merchant_id,
                order_id=order_id,
                return_id=request.pk,
                refund_id=made.pk,
                total_cents=back.total,
            )
        ]
    )
    record_deeds(
        [
            Deed(
                "order",
                order_id,
                "refund_decided",
                {"number": request.number, "return": request.pk, "cents": back.total, "currency": request.currency},
                merchant_id=merchant_id,
            )
        ],
        actor=actor,
    )
    return made.pk


def _write(request: ReturnRequest, back: Back) -> Refund:
    made = Refund.objects.create(
        merchant_id=request.merchant_id,
        order_id=request.order_id,
        return_request=request,
        goods_cents=back.goods,
        tax_cents=back.tax,
        shipping_cents=back.shipping,
        extra_cents=back.extra,
        fee_cents=back.fee,
        total_cents=back.total,
        currency=request.currency,
    )
    RefundLine.objects.bulk_create(
        RefundLine(
            merchant_id=request.merchant_id,
            refund=made,
            order_line_id=line,
            quantity=units,
            goods_cents=goods,
            tax_cents=tax,
        )
        for line, (units, goods, tax) in back.lines.items()
    )
    return made
