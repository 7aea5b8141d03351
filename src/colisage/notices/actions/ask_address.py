from django.utils.translation import gettext_lazy as _

from colisage.intake.queries.addresses import PARTS, address_check
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Refused
from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.notices.queries.links import url_of
from colisage.orders.queries import Order


class NothingToAsk(Refused):
    """Nothing is wrong with it, the customer cannot be written to, or was asked before."""

    code = "nothing_to_ask"
    text = _("There is nothing to ask the customer, or they were asked already.")


def ask_address(order: Order, *, actor: Actor) -> None:
    """Ask the customer of an order whether the suggested address is right, or to complete it: once for each finding.

    The link of the message leads to the page where that is answered. Raises `NothingToAsk`.
    """
    check = address_check(order.merchant_id, order_id=order.pk)
    if check is None or order.state != "open":
        raise NothingToAsk
    whole = [str((order.ship_to or {}).get(part) or "") for part in PARTS]
    facts = {"written": ", ".join(check.before or filter(None, whole)) or "—", "suggested": ", ".join(check.after)}
    url = f"{url_of(order.merchant_id, order_id=order.pk)}/address"
    if not write_messages([Draft(order=order, kind="address", doc=f"address:{check.id}", facts=facts, url=url)]):
        raise NothingToAsk
    record_deeds([Deed("order", order.pk, "address_asked", {}, merchant_id=order.merchant_id)], actor=actor)
