"""Closing plates, as a program says: each by its code, judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.inventory.actions.close_plates import close_plates
from colisage.inventory.queries.plates import plates_with
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused


@transaction.atomic
def close_plates_named(merchant_id: int, codes: Sequence[str], *, actor: Actor) -> list[Refused | bool]:
    """Close empty plates, those that stand on others first; give whether each was open, or why it was refused.

    See `close_plates`.
    """
    read = [code.strip().upper() for code in codes]
    plates = {plate.code: plate for plate in plates_with([merchant_id], codes=set(read))}
    became: dict[str, Refused | bool] = {code: NotThere() for code in read if code not in plates}
    for plate in sorted(plates.values(), key=lambda one: (-one.depth, one.id)):
        try:
            with transaction.atomic():
                became[plate.code] = bool(close_plates([merchant_id], plate_ids=[plate.id], actor=actor))
        except Refused as refusal:
            became[plate.code] = refusal
    return [became[code] for code in read]
