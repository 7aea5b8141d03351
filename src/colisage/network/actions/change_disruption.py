from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.kit.events import tell
from colisage.network.actions.declare_disruption import refuse_days
from colisage.network.events import DisruptionChanged
from colisage.network.models import Disruption
from colisage.network.queries.disruptions import merchants_of


class EndedAlready(Refused):
    """What is over stays as it was."""

    code = "ended_already"
    text = _("This disruption is over. Declare another one.")


@transaction.atomic
def change_disruption(disruption_id: int, *, ends_on: date | None, cause: Mapping[str, str], actor: Actor) -> bool:
    """Give a disruption another last day (None: until further notice) and other words; say whether anything changed.

    Raises `EndedAlready`, and what `declare_disruption` raises about days.
    """
    found = Disruption.objects.select_for_update(no_key=True).filter(pk=disruption_id).first()
    if found is None:
        raise NotThere
    if found.state == "ended":
        raise EndedAlready
    before = {"ends_on": found.ends_on, "cause": found.cause}
    after: dict[str, Any] = {"ends_on": ends_on, "cause": dict(cause)}
    if before == after:
        return False
    found.ends_on = ends_on
    refuse_days(found)
    Disruption.objects.filter(pk=disruption_id).update(**after, longest_on=_longest(found))
    told = {"until": ends_on.isoformat() if ends_on else ""}
    deed = Deed(
        "disruption", disruption_id, "disruption_changed", told,
        merchant_id=found.merchant_id, operator_id=found.operator_id,
    )  # fmt: skip
    record_deeds([deed], actor=actor)
    if found.state == "active" and before["ends_on"] != ends_on:
        tell(DisruptionChanged(merchant_id=m, disruption_id=found.pk) for m in merchants_of(found))
    return True


def _longest(changed: Disruption) -> date | None:
    """Give the latest last day that anybody may have heard of: of one that has not begun nobody has."""
    if changed.state == "planned" or changed.ends_on is None or changed.longest_on is None:
        return changed.ends_on if changed.state == "planned" else None
    return max(changed.ends_on, changed.longest_on)
