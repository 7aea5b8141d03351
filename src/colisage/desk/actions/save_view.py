from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.desk.queries.saved import MOST_VIEWS, SavedView
from colisage.kit.errors import Refused


class TooManyViews(Refused):
    """A row of views is looked over, not searched."""

    code = "too_many_views"
    text = _("You have %(most)s views already. Remove one first.")


@transaction.atomic
def save_view(merchant_id: int, *, owner_id: int, name: str, query: Mapping[str, str], shared: bool) -> int:
    """Save how a person narrowed the list; a view of theirs with this name, in any case, is replaced. Give its id."""
    own = SavedView.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, owner_id=owner_id)
    known = list(own.order_by("pk"))
    for view in known:
        if view.name.casefold() == name.casefold():
            SavedView.objects.filter(pk=view.pk).update(name=name, query=dict(query), shared=shared)
            return int(view.pk)
    free = set(range(1, MOST_VIEWS + 1)) - {view.slot for view in known}
    if not free:
        raise TooManyViews(most=MOST_VIEWS)
    made = SavedView.objects.create(
        merchant_id=merchant_id, owner_id=owner_id, slot=min(free), name=name, query=dict(query), shared=shared
    )
    return int(made.pk)
