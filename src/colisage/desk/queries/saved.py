"""The saved views of the list of orders."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Case, Q, Value, When

from colisage.desk.models import MOST_VIEWS, SavedView
from colisage.desk.queries.listing import address_of, filters_from, views
from colisage.orders.queries import Filters
from colisage.people.queries import names_of

__all__ = ["MOST_VIEWS", "SavedView"]

MOST_SHOWN = 60


def saved_views(merchant_ids: Collection[int], *, owner_id: int) -> list[SavedView]:
    """Give a person's own views, then those that colleagues share; one statement."""
    rows = SavedView.objects.filter(Q(owner_id=owner_id) | Q(shared=True), merchant_id__in=merchant_ids)
    own_first = Case(When(owner_id=owner_id, then=Value(0)), default=Value(1))
    return list(rows.order_by(own_first, "slot", "name", "pk")[:MOST_SHOWN])


def saved_view(merchant_ids: Collection[int], *, view_id: int) -> SavedView | None:
    """Find a saved view of these merchants."""
    return SavedView.objects.filter(merchant_id__in=merchant_ids, pk=view_id).first()


def tabs(found: Sequence[SavedView], *, filters: Filters, owner_id: int) -> list[dict[str, Any]]:
    """Give the views above the list: everybody's, one's own, and those that colleagues share, with their names."""
    names = names_of({one.owner_id for one in found if one.owner_id != owner_id})
    told = views(filters)
    for one in found:
        kept, by = filters_from(one.query), names.get(one.owner_id)
        label = f"{one.name} · {by}" if by else one.name
        told.append({"label": label, "url": address_of(kept), "here": kept == filters})
    return told


def here(found: Sequence[SavedView], *, filters: Filters) -> SavedView | None:
    """Give the saved view that is open: one's own before a colleague's."""
    return next((one for one in found if filters_from(one.query) == filters), None)
