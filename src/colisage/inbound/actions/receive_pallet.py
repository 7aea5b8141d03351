"""Taking a whole announced pallet or carton in with one scan of its SSCC."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.open_delivery import open_delivery
from colisage.inbound.actions.receive_many import Against, Taken, receive_many
from colisage.inbound.models import AnnouncedLine, Announcement
from colisage.inbound.queries.announcements import AnnouncedUnits, lines_of_sscc
from colisage.inventory.actions.make_plates import make_plates
from colisage.inventory.queries.plates import places_of_plates, plates_with, trees_of
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused
from colisage.network.queries import place_of


class PalletNotExpected(Refused):
    """No announced delivery has this pallet, or everything of it came."""

    code = "pallet_not_expected"
    text = _("Nothing is expected on pallet %(sscc)s: it was not announced, or it was taken in already.")


@transaction.atomic
def receive_pallet(merchant_id: int, *, sscc: str, actor: Actor) -> int:
    """Take in what is still missing of a pallet or carton as it was announced; give the units.

    They stand on the dock on plates that bear the SSCC, cartons on their pallet, to be put away whole. A second scan
    finds nothing missing and is refused: nothing is taken in twice. A lot past its date refuses all.
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
    plates = _plates(merchant_id, lines, sscc=sscc, node_id=announcement.node_id, actor=actor)
    taken = [
        Taken(
            sku_id=line.sku_id, sku_code=line.code, good=line.missing, lot=line.lot, serial=line.serial,
            expires_on=line.expires_on, line_id=line.id, tracks_lots=line.tracks_lots,
            plate_id=plates.get(line.sscc or sscc),
        )
        for line in lines
    ]  # fmt: skip
    against = Against(announcement_id=announcement.pk, delivery_id=delivery)
    receive_many(merchant_id, taken, node_id=announcement.node_id, against=against, actor=actor, over_confirmed=True)
    return sum(t.units for t in taken)


def _plates(
    merchant_id: int, lines: Sequence[AnnouncedUnits], *, sscc: str, node_id: int, actor: Actor
) -> dict[str, int]:
    """Find or make the plates that units stand on, by SSCC; none for a number that is in use elsewhere."""
    cartons = sorted({line.sscc for line in lines} - {"", sscc})
    usable, taken = _known(merchant_id, [sscc, *cartons], dock=place_of(node_id, kind="dock").pk)
    if sscc not in usable and sscc not in taken:
        usable[sscc] = make_plates(merchant_id, codes=[sscc], actor=actor)[0][0]
    new = [code for code in cartons if code not in usable and code not in taken]
    if new:
        made = make_plates(merchant_id, codes=new, on_id=usable.get(sscc), actor=actor)
        usable |= {code: pk for pk, code in made}
    return usable


def _known(merchant_id: int, codes: Collection[str], *, dock: int) -> tuple[dict[str, int], set[str]]:
    """Give the open plates of these numbers that stand nowhere or on this dock, and the numbers of the others."""
    known = plates_with([merchant_id], codes=codes)
    trees = trees_of([merchant_id], plate_ids=[plate.id for plate in known])
    stand = places_of_plates([plate.id for plate in trees])
    away = {plate.root_id for plate in trees if stand.get(plate.id, (dock,))[0] != dock}
    usable = {plate.code: plate.id for plate in known if not plate.closed and plate.root_id not in away}
    return usable, {plate.code for plate in known} - usable.keys()
