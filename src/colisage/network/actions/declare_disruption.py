from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, Refused
from colisage.network.actions.begin_disruptions import begin_disruptions
from colisage.network.models import Disruption
from colisage.network.queries.disruptions import about_of, day_of
from colisage.network.rules import overlap


@dataclass(frozen=True, slots=True, kw_only=True)
class Disrupted:
    """What somebody declares: what does not work, from which day to which, why, and what becomes of the orders.

    `cause` is in words for people, by language; `ends_on` is the last day, None until further notice.
    """

    kind: str
    about: str
    starts_on: date
    ends_on: date | None
    effect: str
    cause: Mapping[str, str]
    node_id: int | None = None
    carrier: str = ""
    countries: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    supplier_id: int | None = None
    delay_days: int | None = None
    tells: bool = True


class EndsBeforeItStarts(Malformed):
    """The last day comes before the first."""

    code = "ends_before_it_starts"
    text = _("The last day comes before the first.")


class OverAlready(Refused):
    """Nothing of it is still to come."""

    code = "over_already"
    text = _("Its last day is over. Declare what goes on or is still to come.")


class DisruptedAlready(Refused):
    """The same thing is declared for some of the same days."""

    code = "disrupted_already"
    text = _("“%(about)s” is declared already for some of these days. Change that one, or end it first.")


@transaction.atomic
def declare_disruption(told: Disrupted, *, merchant_id: int | None, operator_id: int | None, actor: Actor) -> int:
    """Declare a disruption for a merchant or an operator, which acts from its first day on. Give its id.

    The caller has looked whether what it is about is there. Raises `EndsBeforeItStarts`, `OverAlready` or
    `DisruptedAlready`; of two who declare the same at the same time, the second is refused.
    """
    made = Disruption(
        **asdict(told) | {"cause": dict(told.cause), "about": told.about[:120], "longest_on": told.ends_on},
        merchant_id=merchant_id, operator_id=operator_id, declared_by=str(actor)[:150],
    )  # fmt: skip
    refuse_days(made)
    made.save(force_insert=True)
    record_deeds(
        [
            Deed(
                "disruption",
                made.pk,
                "disruption_declared",
                {"kind": made.kind, "effect": made.effect},
                merchant_id=merchant_id,
                operator_id=operator_id,
            )
        ],
        actor=actor,
    )
    if made.starts_on <= day_of(made, now=timezone.now()):
        begin_disruptions([made.pk])
    return made.pk


def refuse_days(wanted: Disruption) -> None:
    """Refuse days that cannot be, are over, or taken by another one about the same. Others of its owner wait."""
    owner = f"{wanted.merchant_id}:{wanted.operator_id}"
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(hashtextextended('network:disruptions:' || %s, 0))", [owner])
    if wanted.ends_on and wanted.ends_on < wanted.starts_on:
        raise EndsBeforeItStarts
    if wanted.ends_on and wanted.ends_on < day_of(wanted, now=timezone.now()):
        raise OverAlready
    same = Disruption.objects.filter(
        merchant=wanted.merchant_id,
        operator=wanted.operator_id,
        kind=wanted.kind,
        node=wanted.node_id,
        carrier=wanted.carrier,
        countries=list(wanted.countries),
        prefixes=list(wanted.prefixes),
        supplier_id=wanted.supplier_id,
    ).exclude(state="ended")
    for other in same.exclude(pk=wanted.pk):
        if overlap(wanted.starts_on, last=wanted.ends_on, other_first=other.starts_on, other_last=other.ends_on):
            raise DisruptedAlready(about=about_of(other))
