from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.tell_incoming import tell_incoming
from colisage.inbound.models import AnnouncedLine, Announcement
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused

STEPS: Final = {"arriving": ("announced",), "received": ("announced", "arriving"), "cancelled": ("announced",)}


class DeliveryMovedOn(Refused):
    """The delivery is not where this step begins."""

    code = "delivery_moved_on"
    text = _("Delivery %(reference)s has moved on. Look at it again.")


class DeliveryBegun(Refused):
    """A delivery of which something came cannot be cancelled."""

    code = "delivery_begun"
    text = _("Units of delivery %(reference)s came. Settle it instead.")


@transaction.atomic
def move_announcement(merchant_id: int, *, announcement_id: int, to: str, actor: Actor) -> None:
    """Say that a delivery stands at the dock (`arriving`), is settled as it came (`received`), or will not come.

    What was announced and did not come is no longer incoming of it. The same step again changes nothing. Raises
    `NotThere`, `DeliveryMovedOn`, `DeliveryBegun`.
    """
    rows = Announcement.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=announcement_id)
    found = rows.first()
    if found is None or to not in STEPS:
        raise NotThere
    if found.state == to:
        return
    if to == "cancelled" and AnnouncedLine.objects.filter(announcement=found, received__gt=0).exists():
        raise DeliveryBegun(reference=found.reference)
    if found.state not in STEPS[to]:
        raise DeliveryMovedOn(reference=found.reference)
    before, found.state = found.state, to
    now = timezone.now()
    found.arrived_at = found.arrived_at or (now if to != "cancelled" else None)
    found.ended_at = now if to != "arriving" else None
    found.save(update_fields=["state", "arrived_at", "ended_at"])
    tell_incoming(merchant_id, AnnouncedLine.objects.filter(announcement=found).values_list("sku_id", flat=True))
    record_deeds(
        [Deed("announcement", found.pk, "announcement_moved", {"state": [before, to]}, merchant_id=merchant_id)],
        actor=actor,
    )
