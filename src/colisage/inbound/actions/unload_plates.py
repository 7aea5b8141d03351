"""Plates on the dock taken apart, as a program says: each by its code, judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.inbound.actions.lock_plates import lock_plates
from colisage.inbound.actions.unload_plate import unload_plate
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import NotThere, Refused


@transaction.atomic
def unload_plates(merchant_id: int, codes: Sequence[str], *, actor: Actor) -> list[Refused | int]:
    """Take everything off plates; give the units of each, or why it was refused. See `unload_plate`."""
    plates = lock_plates(merchant_id, codes=codes)

    def unload(code: str) -> int:
        if (plate := plates.get(code.strip().upper())) is None:
            raise NotThere
        return unload_plate([merchant_id], plate_id=plate, actor=actor)

    return each(codes, unload)
