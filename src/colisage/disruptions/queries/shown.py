"""Disruptions as their pages show them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from colisage.disruptions.queries import VERBS
from colisage.kit.queries import deeds_on
from colisage.network.queries.disruptions import Disruption, about_of, why_of
from colisage.orders.queries.holds import disrupted_counts, redated_counts

_BADGES: Final[Mapping[str, tuple[str, str]]] = {  # of a state: its ring and its tone
    "planned": ("0", "calm"),
    "active": ("hold", "warn"),
    "ended": ("done", "ok"),
}


def rows_of(found: Sequence[Disruption], *, merchant_ids: Collection[int]) -> list[dict[str, Any]]:
    """Give disruptions with their words, whose they are, and how many orders each holds and ever held."""
    ids = [one.pk for one in found]
    counts = disrupted_counts(merchant_ids, disruption_ids=ids)
    redated = redated_counts(merchant_ids, disruption_ids=ids)
    rows = []
    for one in found:
        ring, tone = _BADGES[one.state]
        held, ever = counts.get(one.pk, (0, 0))
        rows.append(
            {
                "disruption": one, "ring": ring, "tone": tone, "word": one.get_state_display(),
                "held": held, "ever": ever, "redated": redated.get(one.pk, 0),
                "owner": one.merchant or one.operator, "about": about_of(one), "why": why_of(one),
            }
        )  # fmt: skip
    return rows


def events_of(disruption: Disruption) -> list[dict[str, Any]]:
    """Give what was done with a disruption, the latest first."""
    return [
        {
            "at": deed.at,
            "text": str(VERBS.get(deed.verb, deed.verb)) % {"actor": deed.actor_name or _("the system")},
            "icon": "check",
            "tone": "ok",
        }
        for deed in deeds_on("disruption", doc_id=disruption.pk)
    ]
