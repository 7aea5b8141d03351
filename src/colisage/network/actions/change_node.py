from collections.abc import Collection, Mapping
from datetime import time
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere
from colisage.network.models import Node


class UnknownTimezone(Malformed):
    """No such timezone: the cut-off would have no hour."""

    code = "unknown_timezone"
    text = _("There is no timezone %(name)s.")


class NeverWorks(Malformed):
    """A node works on one day of the week at least: without one, nothing would ever leave."""

    code = "never_works"
    text = _("Choose at least one working day.")


@transaction.atomic
def change_node(
    operator_id: int,
    *,
    node_id: int,
    name: str,
    address: Mapping[str, str],
    timezone: str,
    cutoff: time,
    working_days: Collection[int],
    actor: Actor,
) -> list[str]:
    """Change what a node is called, where it stands and when it works; give the names of the facts that changed.

    `cutoff` is local; `working_days` are ISO, 1 is Monday. Parts already sourced keep the departure they were told.
    """
    if timezone not in available_timezones():
        raise UnknownTimezone(name=timezone)
    days = sorted(set(working_days) & set(range(1, 8)))
    if not days:
        raise NeverWorks
    node = Node.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk=node_id).first()
    if node is None:
        raise NotThere
    facts = {
        "name": name,
        "address": {key: value for key, value in address.items() if value},
        "timezone": timezone,
        "cutoff": cutoff,
        "working_days": days,
    }
    changed = sorted(key for key, value in facts.items() if getattr(node, key) != value)
    if changed:
        Node.objects.filter(pk=node.pk).update(**facts)
        told = {"changed": changed, "timezone": timezone, "cutoff": f"{cutoff:%H:%M}", "working_days": days}
        record_deeds([Deed("node", node.pk, "node_changed", told, operator_id=operator_id)], actor=actor)
    return changed
