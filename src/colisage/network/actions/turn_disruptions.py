from datetime import datetime

from django.db import transaction

from colisage.kit.actors import SYSTEM
from colisage.network.actions.begin_disruptions import begin_disruptions
from colisage.network.actions.end_disruptions import end_disruptions
from colisage.network.models import Disruption
from colisage.network.queries.disruptions import day_of


@transaction.atomic
def turn_disruptions(*, now: datetime) -> tuple[int, int]:
    """Begin the disruptions whose first day has come where their owner is, and end those whose last day is over.

    Gives how many began and how many ended. Harmless when repeated.
    """
    alive = list(Disruption.objects.exclude(state="ended").select_related("merchant", "operator"))
    over = {one.pk for one in alive if one.ends_on and one.ends_on < day_of(one, now=now)}
    due = {one.pk for one in alive if one.state == "planned" and one.starts_on <= day_of(one, now=now)}
    return begin_disruptions(due - over), end_disruptions(over, actor=SYSTEM)
