"""Asking to send something back: refused with a sentence when it cannot be, approved at once where the shop says so."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.events import tell
from colisage.kit.statements import statement
from colisage.returns.actions.approve_returns import approve_returns
from colisage.returns.events import ReturnRequested
from colisage.returns.models import Reason, ReturnItem, ReturnLine, ReturnPolicy, ReturnRequest
from colisage.returns.queries import Returnable, policy_of, returnable_of
from colisage.returns.rules import approves_itself, fee_of, last_day, prepaid
from colisage.ui import words


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of an order line that shall come back, and why."""

    order_line_id: int
    quantity: int
    reason: str


class NothingWanted(Malformed):
    """A return has at least one unit, with a reason."""

    code = "nothing_wanted"
    text = _("Choose at least one item, how many, and why.")


class NotSentYet(Refused):
    """Nothing of the order has left: it can be cancelled, not returned."""

    code = "not_sent_yet"
    text = _("Nothing of this order has left yet.")


class NotThatMany(Refused):
    """More units than left, or than are not on their way back already."""

    code = "not_that_many_left"
    text = _("%(name)s: at most %(left)s can come back; the others are on their way back, or came.")


class TooLate(Refused):
    """The window has closed."""

    code = "return_too_late"
    text = _("This could be returned until %(day)s.")


@transaction.atomic
def request_return(
    merchant_id: int,
    *,
    order_id: int,
    lines: Sequence[Wanted],
    actor: Actor,
    note: str = "",
    goodwill: bool = False,
    external_ref: str = "",
) -> int:
    """Write a return; give its id. Within the window it is approved at once, unless the shop wants to look first.

    `goodwill` is the desk's: it takes a return in after the window, and approves it. With `external_ref` it was asked
    for in the shop, which judges it and sends the label.

    Raises `NothingWanted`, `NotSentYet`, `NotThatMany` or `TooLate`, and then changes nothing.
    """
    with connection.cursor() as db:
        db.execute(statement("returns", "lock_order"), [str(order_id)])
    can = returnable_of(merchant_id, order_id=order_id)
    if can is None:
        raise NotThere
    wanted = _checked(can, lines)
    policy = policy_of(merchant_id)
    reasons = {line.reason for line in wanted}
    if not (goodwill or external_ref):
        _in_time(can, policy, reasons)
    made = _write(can, wanted, policy=policy, actor=actor, note=note, external_ref=external_ref)
    tell([ReturnRequested(merchant_id=merchant_id, order_id=order_id, return_id=made.pk)])
    record_deeds(
        [
            Deed(
                "order",
                order_id,
                "return_requested",
                {"number": made.number, "return": made.pk, "reasons": sorted(reasons)},
                merchant_id=merchant_id,
            )
        ],
        actor=actor,
    )
    alone = approves_itself(
        timezone.localdate(),
        delivered_on=can.delivered_on,
        window_days=policy.window_days,
        wanted=policy.approves_alone,
    )
    if (alone and not external_ref) or goodwill:
        approve_returns(merchant_id, return_ids=[made.pk], actor=actor if goodwill else SYSTEM)
    return made.pk


def _checked(can: Returnable, lines: Sequence[Wanted]) -> list[Wanted]:
    """Refuse what cannot come back."""
    wanted = [line for line in lines if line.quantity]
    known = {line.line.pk: line for line in can.lines}
    if (
        not wanted
        or any(w.quantity < 0 or w.reason not in Reason.values or w.order_line_id not in known for w in wanted)
        or len({w.order_line_id for w in wanted}) < len(wanted)
    ):
        raise NothingWanted
    if not any(line.sent for line in can.lines):
        raise NotSentYet
    for want in wanted:
        line = known[want.order_line_id]
        if want.quantity > line.left:
            raise NotThatMany(name=line.line.name or line.line.sku_code, left=line.left)
    return wanted


def _in_time(can: Returnable, policy: ReturnPolicy, reasons: set[str]) -> None:
    """Refuse what comes after the window; the window opens with the delivery, so the road is always in time."""
    if can.delivered_on is not None:
        day = last_day(can.delivered_on, window_days=policy.window_days, reasons=reasons)
        if timezone.localdate() > day:
            raise TooLate(day=words.day(day, style="long"))


def _write(
    can: Returnable, wanted: Sequence[Wanted], *, policy: ReturnPolicy, actor: Actor, note: str, external_ref: str
) -> ReturnRequest:
    order = can.order
    reasons = {w.reason for w in wanted}
    fee = fee_of(reasons, payer=policy.payer, label_fee_cents=policy.label_fee_cents)
    made = ReturnRequest.objects.create(
        merchant_id=order.merchant_id,
        order_id=order.pk,
        node_id=can.node_id,
        note=note[:2000],
        prepaid=not external_ref and prepaid(reasons, payer=policy.payer, label_fee_cents=policy.label_fee_cents),
        fee_cents=0 if external_ref else fee,
        external_ref=external_ref[:60],
        currency=order.currency,
        asked_by=actor.kind,
    )
    recipes = {line.line.pk: line.recipe for line in can.lines}
    lines = ReturnLine.objects.bulk_create(
        ReturnLine(
            merchant_id=order.merchant_id,
            return_request=made,
            order_line_id=w.order_line_id,
            quantity=w.quantity,
            reason=w.reason,
        )
        for w in wanted
    )
    ReturnItem.objects.bulk_create(
        ReturnItem(
            merchant_id=order.merchant_id,
            return_request=made,
            line=line,
            sku_id=sku,
            expected=units * line.quantity,
        )
        for line in lines
        for sku, units in recipes[line.order_line_id].items()
    )
    return made
