"""Taking a whole announced pallet or carton in with one scan of its SSCC."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.open_delivery import open_delivery
from colisage.inbound.actions.receive_many import Against, Taken, receive_many
from colisage.inbound.models import AnnouncedLine, Announcement
from colisage.inbound.queries.announcements import lines_of_sscc
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused


class PalletNotExpected(Refused):
    """No announced delivery has this pallet, or everything of it came."""

    code = "pallet_not_expected"
    text = _("Nothing is expected on pallet %(sscc)s: it was not announced, or it was taken in already.")


@transaction.atomic
def receive_pallet(merchant_id: int, *, sscc: str, actor: Actor) -> int:
    """Take in what is still missing of a pallet or carton as it was announced; give the units.

    A second scan finds nothing missing and is refused: nothing is taken in twice. A lot past its date refuses all.
    """
    announced = lines_of_sscc([merchant_id], sscc=sscc)
    if not announced:
        raise PalletNotExpected(sscc=sscc)
    announcement = Announcement.objects.select_for_update(no_key=True).get(pk=announced[0].announcement_id)
    list(AnnouncedLine.objects.select_for_update(no_key=True).filter(pk__in=[a.id for a in announced]).order_by("pk"))
    lines = [a for a in lines_of_sscc([merchant_id], sscc=sscc) if a.missing and a.announcement_id == announcement.pk]
    if not lines:
        raise PalletNotExpected(sscc=sscc)
    delivery = open_delivery(merchant_id, node_id=announcement.node_id, announcement_id=announcement.pk, actor=actor)
    taken = [
        Taken(
            sku_id=line.sku_id, sku_code=line.code, good=line.missing, lot=line.lot, serial=line.serial,
            expires_on=line.expires_on, line_id=line.id, tracks_lots=line.tracks_lots,
        )
        for line in lines
    ]  # fmt: skip
    against = Against(announcement_id=announcement.pk, delivery_id=delivery)
    receive_many(merchant_id, taken, node_id=announcement.node_id, against=against, actor=actor, over_confirmed=True)
    return sum(t.units for t in taken)
