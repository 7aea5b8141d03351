from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.errors import NotThere, Refused
from colisage.shipping.actions.mark_printed import mark_printed
from colisage.shipping.models import Label, Shipment


class NoLabel(Refused):
    """There is nothing that could have been printed."""

    code = "no_label"
    text = _("This shipment has no label.")


@transaction.atomic
def note_printed(merchant_id: int, shipment_ids: Sequence[int]) -> dict[int, Refused | bool]:
    """Note that the labels of shipments were printed; say of each whether one was noted (False: all were before)."""
    known = set(Shipment.objects.filter(merchant_id=merchant_id, pk__in=shipment_ids).values_list("pk", flat=True))
    labels: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    rows = Label.objects.filter(merchant_id=merchant_id, shipment__in=known, state="good")
    for pk, shipment, at in rows.values_list("pk", "shipment_id", "printed_at"):
        labels[shipment].append((pk, at is None))
    mark_printed([merchant_id], label_ids=[pk for found in labels.values() for pk, fresh in found if fresh])
    return {
        pk: any(fresh for _pk, fresh in labels[pk]) if pk in labels else NoLabel() if pk in known else NotThere()
        for pk in shipment_ids
    }
