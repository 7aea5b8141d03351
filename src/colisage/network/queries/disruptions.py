"""Disruptions: what does not work, for whom, and whether it acts now."""

import re
from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from colisage.network.models import Disruption, DisruptionEffect, DisruptionKind
from colisage.network.rules import said_in
from colisage.people.queries import merchants_served, operators_by_merchant
from colisage.ui import words

_LANE: Final = re.compile(r"→ ([A-Z]{2}(?:, [A-Z]{2})*)(?= |$)")
__all__ = ["Disruption", "DisruptionEffect", "DisruptionKind"]  # steps above read its rows, and never write


def day_of(disruption: Disruption, *, now: datetime) -> date:
    """Give the day it is where the owner of a disruption is."""
    party = disruption.merchant or disruption.operator
    return now.astimezone(ZoneInfo(party.timezone if party else "UTC")).date()


def ended_on(disruption: Disruption) -> date | None:
    """Give the day, where its owner is, on which a disruption was over; None of one that is not."""
    return day_of(disruption, now=disruption.ended_at) if disruption.ended_at else None


def ended_early(disruption: Disruption) -> bool:
    """Say whether a disruption was over before its last day was, or somebody ended one without a last day."""
    over = ended_on(disruption)
    return over is not None and (disruption.ends_on is None or over <= disruption.ends_on)


def ended_sooner(disruption: Disruption) -> bool:
    """Say whether a disruption was over before it was once thought to be: ended early, or given a nearer last day."""
    over = ended_on(disruption)
    return over is not None and (disruption.longest_on is None or over <= disruption.longest_on)


def merchants_of(disruption: Disruption) -> list[int]:
    """Give the merchants whose orders a disruption may touch."""
    if disruption.merchant_id is not None:
        return [disruption.merchant_id]
    return merchants_served(disruption.operator_id or 0)


def active_for(merchant_ids: Collection[int]) -> dict[int, list[Disruption]]:
    """Give the disruptions that act now on orders of merchants, by merchant: their own, and their operators'."""
    found: dict[int, list[Disruption]] = defaultdict(list)
    active = list(Disruption.objects.filter(state="active").order_by("pk"))
    if not active:  # as on most days: one statement, from an index that holds nothing
        return found
    operators = operators_by_merchant(merchant_ids)
    for one in active:
        for merchant in merchant_ids:
            if one.merchant_id == merchant or one.operator_id in operators[merchant]:
                found[merchant].append(one)
    return found


def active_disruptions() -> list[Disruption]:
    """Give all that act now: a question of the workers, who act for all."""
    return list(Disruption.objects.filter(state="active").order_by("pk"))


def _seen(merchant_ids: Collection[int], *, operator_ids: Collection[int]) -> QuerySet[Disruption]:
    return Disruption.objects.filter(Q(merchant__in=merchant_ids) | Q(operator__in=operator_ids))


def disruptions_page(
    merchant_ids: Collection[int],
    *,
    operator_ids: Collection[int],
    past: bool | None = None,
    after: int | None = None,
    size: int = 50,
) -> list[Disruption]:
    """Give one page of the disruptions of merchants and operators, the latest first, and one more if there is.

    `past` narrows to those that are over, or to those that are not.
    """
    rows = _seen(merchant_ids, operator_ids=operator_ids)
    if past is not None:
        rows = rows.filter(state="ended") if past else rows.exclude(state="ended")
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows.select_related("merchant", "operator").order_by("-pk")[: size + 1])


def disruption_of(
    merchant_ids: Collection[int], *, operator_ids: Collection[int], disruption_id: int
) -> Disruption | None:
    """Find a disruption of these merchants or operators."""
    rows = _seen(merchant_ids, operator_ids=operator_ids).select_related("merchant", "operator")
    return rows.filter(pk=disruption_id).first()


def disruptions_by_id(ids: Collection[int]) -> dict[int, Disruption]:
    """Give disruptions by id."""
    return {one.pk: one for one in Disruption.objects.filter(pk__in=ids).select_related("merchant", "operator")}


def about_of(disruption: Disruption) -> str:
    """Say what a disruption is about, in the active language."""
    return about_said(disruption.about)


def about_said(about: str) -> str:
    """Say in the active language what was written down of a disruption: destinations are kept by their codes."""
    names = words.locale().territories
    return _LANE.sub(lambda lane: "→ " + ", ".join(names.get(code, code) for code in lane[1].split(", ")), about)


def why_of(disruption: Disruption) -> str:
    """Say in the active language why something is disrupted, as it was written."""
    return said_in(disruption.cause, language=(get_language() or "fr")[:2])


def causes_of(ids: Collection[int]) -> dict[int, str]:
    """Say what disruptions are about and why, in the active language."""
    found = disruptions_by_id(ids) if ids else {}
    return {pk: _("%(about)s: %(why)s") % {"about": about_of(one), "why": why_of(one)} for pk, one in found.items()}
