"""Plates from the dock into bins, as a program says: each whole, by its code, judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.inbound.actions.lock_plates import lock_plates
from colisage.inbound.actions.put_away_plate import put_away_plate
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import NotThere, Refused


@transaction.atomic
def put_plates_away(merchant_id: int, wanted: Sequence[tuple[str, str]], *, actor: Actor) -> list[Refused | int]:
    """Put plates away whole, told by (code, code of the bin); give the units of each, or why it was refused.

    See `put_away_plate` for what is refused; what speaks against a bin is not overridden here.
    """
    plates = lock_plates(merchant_id, codes={code for code, _bin in wanted}, bins={place for _code, place in wanted})

    def put(one: tuple[str, str]) -> int:
        code, place = one
        if (plate := plates.get(code.strip().upper())) is None:
            raise NotThere
        return put_away_plate([merchant_id], plate_id=plate, bin_code=place, actor=actor)

    return each(wanted, put)
