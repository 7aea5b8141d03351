"""The holds inbox, as its page shows it."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy

from colisage.network.queries.disruptions import causes_of
from colisage.orders.queries import Hold, hold_reason
from colisage.people.queries import names_of

OWNERS: Final = {"mine": gettext_lazy("Mine"), "nobody": gettext_lazy("Nobody’s")}
AGES: Final = {
    "1": gettext_lazy("Older than a day"),
    "3": gettext_lazy("Older than 3 days"),
    "7": gettext_lazy("Older than a week"),
}


def told_holds(holds: Sequence[Hold]) -> list[dict[str, Any]]:
    """Give holds with the name of who decides and their reason in words."""
    owners = names_of({hold.owner_id for hold in holds if hold.owner_id})
    causes = causes_of({hold.disruption_id for hold in holds if hold.disruption_id})
    return [
        {
            "hold": hold,
            "reason": hold_reason(hold.reason),
            "cause": causes.get(hold.disruption_id or 0, ""),
            "owner": owners.get(hold.owner_id or 0, ""),
        }
        for hold in holds
    ]
