from typing import Literal

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries.numbering import plate_prefix_of
from colisage.kit.errors import Malformed, Refused
from colisage.kit.gs1.units import SPECIMEN, plate_code, sscc
from colisage.kit.statements import statement

MOST = 10_000
Kind = Literal["sscc", "plate"]


class NotThatManyNumbers(Malformed):
    """Numbers are drawn for labels of one day, not by the million."""

    code = "not_that_many_numbers"
    text = _("Ask for 1 to 10,000 numbers at once.")


class RangeUsedUp(Refused):
    """The serial references of the company prefix are at their end."""

    code = "sscc_range_used_up"
    text = _(
        "Only %(left)s SSCC are left in this range. Give it another extension digit under Settings, Identification."
    )


@transaction.atomic
def draw_unit_numbers(merchant_id: int, *, count: int, kind: Kind, operator_id: int | None = None) -> list[str]:
    """Give numbers that nothing else has: SSCC for units that leave the house, plate numbers for those that stay.

    An SSCC comes from the range of the merchant, else of the operator; without one it is a specimen's (`is_specimen`).
    Numbers are drawn once, whoever draws at the same moment; only an undone transaction gives them back. Two or three
    statements for any number. Raises `RangeUsedUp`, `NotThatManyNumbers`; then none is drawn.
    """
    if not 0 < count <= MOST:
        raise NotThatManyNumbers
    with connection.cursor() as db:
        if kind == "plate":
            prefix = plate_prefix_of(merchant_id, operator_id=operator_id)
            db.execute(statement("catalog", "draw_plates"), [count])
            return [plate_code(prefix, serial) for (serial,) in db.fetchall()]
        db.execute(statement("catalog", "numbering_to_draw"), [merchant_id, operator_id])
        found = db.fetchone()
        if found is None:
            db.execute(statement("catalog", "draw_specimen_units"), [count])
            return [sscc(SPECIMEN, extension=0, serial=serial) for (serial,) in db.fetchall()]
        pk, company_prefix, extension, following, last = found
        if following + count - 1 > last:
            raise RangeUsedUp(left=last + 1 - following)
        db.execute(statement("catalog", "draw_serials"), [following + count, pk])
    return [sscc(company_prefix, extension=extension, serial=n) for n in range(following, following + count)]
