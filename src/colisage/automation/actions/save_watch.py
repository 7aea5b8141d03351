"""What a merchant wants looked at when orders come in."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.automation.models import Watch
from colisage.automation.queries.watching import watch_mark, watch_of
from colisage.automation.rules.signals import MOST_WEIGHT, SIGNALS
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed
from colisage.kit.marks import expect_seen


class BadWatch(Malformed):
    """A number that makes no sense, or a signal nobody knows."""

    code = "bad_watch"
    text = _("Weights are whole numbers from 0 to 1,000, for signs that are known; a window has 1 to 720 hours.")


@transaction.atomic
def save_watch(
    merchant_id: int,
    *,
    duplicates: bool,
    window_hours: int,
    risk: bool,
    threshold: int,
    weights: Mapping[str, int],
    dear_cents: int,
    many_units: int,
    actor: Actor,
    seen: str = "",
) -> None:
    """Have orders looked at from now on, or no more; raises `BadWatch`.

    Who writes by what a page showed says so with `seen`, the `watch_mark` of then: `SavedMeanwhile` is raised when it
    reads otherwise now.
    """
    known = all(name in SIGNALS and 0 <= weight <= MOST_WEIGHT for name, weight in weights.items())
    if not known or not 1 <= window_hours <= 720 or threshold < 1 or dear_cents < 0 or many_units < 1:
        raise BadWatch
    expect_seen(seen, watch_mark(watch_of(merchant_id, locked=True)))
    facts = {
        "duplicates": duplicates,
        "window_hours": window_hours,
        "risk": risk,
        "threshold": threshold,
        "weights": {name: weight for name, weight in weights.items() if weight != SIGNALS[name].weight},
        "dear_cents": dear_cents,
        "many_units": many_units,
        "changed_at": timezone.now(),
    }
    Watch.objects.update_or_create(merchant_id=merchant_id, defaults=facts)
    said = {"duplicates": duplicates, "risk": risk, "threshold": threshold}
    record_deeds([Deed("merchant", merchant_id, "watch_changed", said, merchant_id=merchant_id)], actor=actor)
