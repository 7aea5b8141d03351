from collections.abc import Collection, Mapping
from datetime import time
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.gs1.identifiers import is_gln
from colisage.kit.tabular.names import country_codes
from colisage.network.models import Node
from colisage.network.rules import MOST_CENTS


class UnknownTimezone(Malformed):
    """No such timezone: the cut-off would have no hour."""

    code = "unknown_timezone"
    text = _("There is no timezone %(name)s.")


class NoSuchCountry(Malformed):
    """A node stands in a country: its holidays and its prices are those of that one."""

    code = "unknown_country"
    text = _("There is no country “%(name)s”.")


class NotAGln(Malformed):
    """Not a number of GS1 for a place, or one with a slip: its check digit tells."""

    code = "not_a_gln"
    text = _("A GLN has 13 digits, and the last of them is the check digit: %(gln)s is none.")


class GlnTaken(Refused):
    """A GLN names one node of an operator."""

    code = "gln_taken"
    text = _("Another node has the GLN %(gln)s.")


class NeverWorks(Malformed):
    """A node works on one day of the week at least: without one, nothing would ever leave."""

    code = "never_works"
    text = _("Choose at least one working day.")


class HandlingOutOfReason(Malformed):
    """Work on an order costs something, and not the world."""

    code = "handling_out_of_reason"
    text = _("What handling an order costs is not negative, and within reason.")


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
    gln: str | None = None,
    handling_cents: int | None = None,
) -> list[str]:
    """Change what a node is called, where it stands and when it works; give the names of the facts that changed.

    `address` has line1, line2, postcode, city, region, country (two letters) and phone, what is empty left away.
    `cutoff` is local; `working_days` are ISO, 1 is Monday. Parts already sourced keep the departure they were told.
    `gln` names the node in events for partners; empty takes it away, None leaves it as it is. `handling_cents` is what
    work on one order costs there, in the currency of the operator; None leaves it.
    """
    if timezone not in available_timezones():
        raise UnknownTimezone(name=timezone)
    if address.get("country") not in country_codes():
        raise NoSuchCountry(name=address.get("country", ""))
    days = sorted(set(working_days) & set(range(1, 8)))
    if not days:
        raise NeverWorks
    node = Node.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk=node_id).first()
    if node is None:
        raise NotThere
    _refuse_gln(node, gln=gln)
    if handling_cents is not None and not 0 <= handling_cents <= MOST_CENTS:
        raise HandlingOutOfReason
    facts = {
        "name": name,
        "address": {key: value for key, value in address.items() if value},
        "timezone": timezone,
        "cutoff": cutoff,
        "working_days": days,
        "gln": node.gln if gln is None else gln,
        "handling_cents": node.handling_cents if handling_cents is None else handling_cents,
    }
    changed = sorted(key for key, value in facts.items() if getattr(node, key) != value)
    if changed:
        Node.objects.filter(pk=node.pk).update(**facts)
        told = {"changed": changed, "timezone": timezone, "cutoff": f"{cutoff:%H:%M}", "working_days": days}
        record_deeds([Deed("node", node.pk, "node_changed", told, operator_id=operator_id)], actor=actor)
    return changed


def _refuse_gln(node: Node, *, gln: str | None) -> None:
    if gln and not is_gln(gln):
        raise NotAGln(gln=gln[:20])
    if gln and Node.objects.filter(operator=node.operator_id, gln=gln).exclude(pk=node.pk).exists():
        raise GlnTaken(gln=gln)
