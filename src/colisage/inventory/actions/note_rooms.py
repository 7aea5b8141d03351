"""What kind of bin each bin is, after units moved: noted every two seconds by a worker, whole every hour."""

from django.db import transaction

from colisage.inventory.models import RoomMark
from colisage.kit.statements import ask


@transaction.atomic
def note_rooms(*, whole: bool = False) -> int:
    """Note how much room is left in the bins that units came to or left since the last look; give how many changed.

    With `whole` those of all bins, also where sizes in the catalogue changed; so does the first look, and the first on
    another server. Of several workers one notes. Harmless when repeated.
    """
    RoomMark.objects.get_or_create(pk=1)
    mark = RoomMark.objects.select_for_update(skip_locked=True).filter(pk=1).first()
    if mark is None:
        return 0
    asked = {"after": str(mark.upto), "system": mark.system, "whole": whole}
    ((upto, system, moved, changed),) = ask("inventory", "note_rooms", asked)
    if moved or system != mark.system:  # while nothing moves nothing is written
        RoomMark.objects.filter(pk=1).update(upto=int(upto), system=system)
    return int(changed)
