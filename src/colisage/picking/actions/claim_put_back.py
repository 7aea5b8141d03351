"""What is to be put back, while nobody else puts it back."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.reserve import lock_free
from colisage.kit.errors import NotThere, Refused
from colisage.picking.models import PutBack
from colisage.picking.queries.put_back import Lying, put_back_of


class NothingToPutBack(Refused):
    """The units are back already, put there by somebody else or a moment ago."""

    code = "nothing_to_put_back"
    text = _("These units are back already.")


@transaction.atomic
def claim_put_back(operator_id: int, *, merchant_id: int, put_back_id: int) -> Lying:
    """Lock what is to be put back, by the availability of its SKU, and give it as it is then.

    Raises `NotThere` when it is not theirs, `NothingToPutBack` when it is done.
    """
    mine = PutBack.objects.filter(operator_id=operator_id, merchant_id=merchant_id, pk=put_back_id)
    sku_id = mine.values_list("task__sku_id", flat=True).first()
    if sku_id is None:
        raise NotThere
    lock_free([sku_id])
    found = put_back_of([operator_id], merchant_ids=[merchant_id], put_back_id=put_back_id)
    if found is None:
        raise NothingToPutBack
    return found
