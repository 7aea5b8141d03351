from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import scanned, skus_across
from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.packing.models import Parcel, ParcelLine


class ParcelIsClosed(Refused):
    """The parcel is sealed or void: nothing goes in any more."""

    code = "parcel_is_closed"
    text = _("This parcel is closed already.")


class NotInThisParcel(Malformed):
    """The code stands for something that does not belong in here."""

    code = "not_in_this_parcel"
    text = _("%(found)s does not belong in this parcel. Put it aside.")


class EnoughOfIt(Malformed):
    """All units of this item are in already."""

    code = "enough_of_it"
    text = _("There are %(wanted)s of %(found)s already. Take this one out.")


@transaction.atomic
def scan_item(merchant_ids: Collection[int], *, parcel_id: int, code: str, actor: Actor) -> ParcelLine:
    """Check one scanned item (or a case of it) into an open parcel; give its line as it is now.

    Raises `NotInThisParcel` or `EnoughOfIt` when it must not go in, `ParcelIsClosed` when nothing may.
    """
    parcel = Parcel.objects.select_for_update(no_key=True).filter(merchant_id__in=merchant_ids, pk=parcel_id).first()
    if parcel is None:
        raise NotThere
    if parcel.state != "open":
        raise ParcelIsClosed
    units = {found.sku_id: found.units for found in scanned([parcel.merchant_id], code=code)}
    lines = list(ParcelLine.objects.filter(merchant_id=parcel.merchant_id, parcel=parcel, sku__in=units).order_by("pk"))
    line = next((one for one in lines if one.scanned + units[one.sku_id] <= one.quantity), None)
    if line is None:
        skus = skus_across([parcel.merchant_id], ids=units)
        name = next((sku.name for sku in skus.values()), code)
        if lines:
            raise EnoughOfIt(found=name, wanted=sum(one.scanned for one in lines))
        raise NotInThisParcel(found=name)
    line.scanned += units[line.sku_id]
    line.save(update_fields=["scanned"])
    return line
