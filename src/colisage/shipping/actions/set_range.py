import re

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere
from colisage.kit.statements import statement
from colisage.shipping.rules import SPECIMEN


class NoSuchRange(Malformed):
    """These are no numbers of UPU S10."""

    code = "no_such_range"
    text = _("A range has two capital letters, up to eight digits from first to last, and the country’s two letters.")


@transaction.atomic
def set_range(
    operator_id: int, *, carrier_code: str, prefix: str, country: str, first: int, last: int, actor: Actor
) -> None:
    """Enter the tracking numbers a carrier gave to an operator, in place of those it had.

    Labels made from now on carry them and are no specimens any more. Raises `NoSuchRange` or `NotThere`.
    """
    letters = re.fullmatch(r"[A-Z]{2}", prefix) and re.fullmatch(r"[A-Z]{2}", country)
    if not letters or SPECIMEN in {prefix, country} or not 0 <= first <= last <= 99_999_999:
        raise NoSuchRange
    values: dict[str, int | str] = {
        "operator": operator_id,
        "carrier": carrier_code,
        "prefix": prefix,
        "country": country,
        "first": first,
        "last": last,
    }
    with connection.cursor() as db:
        db.execute(statement("shipping", "set_range"), values)
        if not db.rowcount:
            raise NotThere
    data = {"carrier": carrier_code, "first": first, "last": last}
    record_deeds(
        [Deed("operator", operator_id, "number_range_set", data, operator_id=operator_id)],
        actor=actor,
    )
