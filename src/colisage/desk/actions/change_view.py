from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.desk.queries.saved import SavedView
from colisage.kit.errors import NotThere, Refused


class NameTaken(Refused):
    """Two views of a person with one name could not be told apart."""

    code = "view_name_taken"
    text = _("You have a view named “%(name)s” already.")


@transaction.atomic
def change_view(merchant_id: int, *, view_id: int, owner_id: int, name: str, shared: bool) -> None:
    """Give a person's own view another name, share it, or keep it for oneself again."""
    own = SavedView.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, owner_id=owner_id)
    names = {view.pk: view.name for view in own.order_by("pk")}
    if view_id not in names:
        raise NotThere
    if any(name.casefold() == other.casefold() for pk, other in names.items() if pk != view_id):
        raise NameTaken(name=name)
    SavedView.objects.filter(pk=view_id).update(name=name, shared=shared)
