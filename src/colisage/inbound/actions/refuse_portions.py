"""What is taken from the dock stands there, and is something."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import Receipt
from colisage.kit.errors import Malformed, Refused


class NoUnits(Malformed):
    """Nothing, less than nothing or no number is put away."""

    code = "no_units"
    text = _("Say how many units you put away: at least one.")


class TooMany(Refused):
    """More units than stand on the dock."""

    code = "too_many"
    text = _("Only %(left)s units of this delivery stand on the dock.")


def refuse_portions(receipts: Iterable[Receipt], *, units: Mapping[int, int]) -> None:
    """Raise `NoUnits` when none of a receipt would be taken, `TooMany` for more than stand loose on the dock."""
    for receipt in receipts:
        if units[receipt.pk] < 1:
            raise NoUnits
        if units[receipt.pk] > receipt.loose:
            raise TooMany(left=receipt.loose)
