from typing import Literal

from django.db import transaction

from colisage.catalog.actions.draw_unit_numbers import draw_unit_numbers
from colisage.inventory.models import LicensePlate


@transaction.atomic
def draw_plate_codes(
    merchant_id: int, *, count: int, kind: Literal["sscc", "plate"] = "plate", operator_id: int | None = None
) -> list[str]:
    """Give codes for new licence plates of a merchant, which none of its plates has: in one draw, however many.

    `plate` numbers stay in the house, an `sscc` goes out with the goods. Refuses as `draw_unit_numbers` does.
    """
    codes = draw_unit_numbers(merchant_id, count=count, kind=kind, operator_id=operator_id)
    taken = set(LicensePlate.objects.filter(merchant_id=merchant_id, code__in=codes).values_list("code", flat=True))
    if taken:  # typed by hand before: their numbers are left out
        codes = [code for code in codes if code not in taken]
        codes += draw_plate_codes(merchant_id, count=len(taken), kind=kind, operator_id=operator_id)
    return codes
