from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.network.actions.close_days import close_days
from colisage.network.models import Node
from colisage.network.queries.calendars import day_at, public_holidays


class NoHolidaysKnown(Refused):
    """The holidays of some countries are not known: their days are said one by one."""

    code = "no_holidays_known"
    text = _("We know no public holidays of this country.")


@transaction.atomic
def close_holidays(operator_id: int, *, node_id: int, actor: Actor) -> dict[date, bool]:
    """Close a node on the public holidays of its country that are to come, until the end of next year.

    Gives of each whether it is new. Raises `NoHolidaysKnown`. Harmless when repeated.
    """
    node = Node.objects.filter(operator_id=operator_id, pk=node_id).first()
    if node is None:
        raise NotThere
    today = day_at(node, now=timezone.now())
    country, region = node.address.get("country", ""), node.address.get("region", "")
    days = public_holidays(country, years=(today.year, today.year + 1), region=region)
    coming = {day: name for day, name in sorted(days.items()) if day >= today}
    if not coming:
        raise NoHolidaysKnown
    became = close_days(operator_id, node_id=node_id, days=coming, actor=actor)
    return {day: became[day] is True for day in coming}
