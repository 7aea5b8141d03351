from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import ConsignmentLine, ConsignmentStatement
from colisage.inbound.rules.purchasing import MOST_CENTS
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused


class NotACost(Malformed):
    """A unit that was bought costs something."""

    code = "not_a_cost"
    text = _("Say what one unit costs: more than nothing.")


class StatementClosed(Refused):
    """What is closed is to be paid as it stands."""

    code = "statement_closed"
    text = _("This statement is closed: it is to be paid as it stands.")


@transaction.atomic
def price_consigned(merchant_id: int, *, statement_id: int, sku_id: int, unit_cost_cents: int, actor: Actor) -> int:
    """Give the lines of a SKU that were bought without a cost the cost of one unit, in the statement's currency.

    Gives how many lines were changed; those that have a cost keep it, so a repetition changes nothing. Raises
    `NotThere` for a statement that is not this merchant's, `StatementClosed`, `NotACost`.
    """
    if not 0 < unit_cost_cents <= MOST_CENTS:
        raise NotACost
    rows = ConsignmentStatement.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=statement_id)
    found = rows.first()
    if found is None:
        raise NotThere
    if found.state == "closed":
        raise StatementClosed
    lines = ConsignmentLine.objects.filter(
        merchant_id=merchant_id, statement_id=statement_id, sku_id=sku_id, unit_cost_cents=0
    )
    changed = lines.update(unit_cost_cents=unit_cost_cents)
    if changed:
        told = {"sku": sku_id, "lines": changed, "unit_cost_cents": [0, unit_cost_cents]}
        record_deeds([Deed("consignment", found.pk, "lines_priced", told, merchant_id=merchant_id)], actor=actor)
    return changed
