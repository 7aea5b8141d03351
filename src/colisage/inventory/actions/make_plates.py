"""New licence plates: with numbers of our own, or with the number a pallet came with."""

from collections.abc import Sequence
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.draw_plate_codes import draw_plate_codes
from colisage.inventory.models import LicensePlate
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, Refused

LONGEST = 30
MOST = 200


class PlateCodeUnreadable(Malformed):
    """A code is 1 to 30 characters that can be printed."""

    code = "plate_code_unreadable"
    text = _("A plate’s code has 1 to 30 characters. Scan it again.")


class PlateCodeTaken(Refused):
    """There is a plate of that code already."""

    code = "plate_code_taken"
    text = _("There is a plate %(plate)s already.")


class NotThatManyPlates(Malformed):
    """Plates are made by the sheet."""

    code = "not_that_many_plates"
    text = _("Ask for 1 to %(most)s plates at once.")


@transaction.atomic
def make_plates(
    merchant_id: int,
    *,
    count: int = 0,
    codes: Sequence[str] = (),
    kind: Literal["plate", "sscc"] = "plate",
    actor: Actor,
    operator_id: int | None = None,
    on_id: int | None = None,
) -> list[tuple[int, str]]:
    """Make `count` plates with numbers that nothing else has, or plates of these codes; give (id, code) of each.

    They stand on the plate `on_id`, one of the merchant's that is open and stands on none itself, when it is named.
    `kind` says what numbers: our own for plates that stay, an SSCC for those that leave the house.
    """
    if codes:
        read = [code.strip().upper() for code in codes]
        for code in read:
            if not 0 < len(code) <= LONGEST or not code.isprintable():
                raise PlateCodeUnreadable
        taken = (
            LicensePlate.objects.filter(merchant_id=merchant_id, code__in=read).values_list("code", flat=True).first()
        )
        if taken is not None or len(set(read)) < len(read):
            raise PlateCodeTaken(plate=taken or read[0])
    elif not 0 < count <= MOST:
        raise NotThatManyPlates(most=MOST)
    else:
        read = draw_plate_codes(merchant_id, count=count, kind=kind, operator_id=operator_id)
    made = LicensePlate.objects.bulk_create(
        LicensePlate(merchant_id=merchant_id, code=code, parent_id=on_id) for code in read
    )
    record_deeds((Deed("plate", p.pk, "plate_made", {}, merchant_id=merchant_id) for p in made), actor=actor)
    return [(plate.pk, plate.code) for plate in made]
