"""A customer says that something is wrong: the shop is told, and an order that has not left waits."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere
from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.queries import order_of, parts_of
from colisage.portal.queries import WHAT
from colisage.portal.rules import BEFORE_IT_LEFT


class NoSuchProblem(Malformed):
    """A problem is one of a few."""

    code = "no_such_problem"
    text = gettext_lazy("Choose what is wrong.")


@transaction.atomic
def report_problem(merchant_id: int, *, order_id: int, what: str, words: str, actor: Actor) -> None:
    """Tell the shop of a problem, in the customer's words; the same problem is told once a day.

    An order of which something has not left is held until a person has read it.
    """
    if what not in WHAT:
        raise NoSuchProblem
    order = order_of([merchant_id], order_id=order_id)
    if order is None:
        raise NotThere
    record_deeds([Deed("order", order_id, f"problem_{what}", {}, merchant_id=merchant_id)], actor=actor)
    with translation.override(order.merchant.language):
        said = str(WHAT[what])
        reason = _("The customer: %(what)s") % {"what": said}
    stages = [part.stage for part in parts_of([order_id])[order_id]]
    if order.state == "open" and (not stages or BEFORE_IT_LEFT & set(stages)):
        set_hold(merchant_id, order_ids=[order_id], kind="manual", reason=reason[:60], actor=actor)
    if order.merchant.email:
        write_messages(
            [
                Draft(
                    order=order,
                    kind="problem",
                    doc=f"order:{order_id}:{what}:{timezone.localdate():%Y%m%d}",
                    facts={"what": said, "words": words[:2000], "to_merchant": True},
                    to=order.merchant.email,
                    reply_to=order.email,
                    language=order.merchant.language,
                    url=f"{settings.COLISAGE_URL}{reverse('order', args=[order_id])}",
                )
            ]
        )
