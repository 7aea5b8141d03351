"""Serial numbers of units that come in: each a lot of one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.models import Lot
from colisage.inventory.queries.lots import serials_on_hand
from colisage.kit.errors import Malformed, Refused
from colisage.kit.once import insert_once

LONGEST = 80
NAMED = 5  # so many are named in a refusal


class SerialUnreadable(Malformed):
    """A serial number is 1 to 80 characters that can be printed."""

    code = "serial_unreadable"
    text = _("A serial number has 1 to 80 characters. Scan it again.")


class SerialNamedTwice(Malformed):
    """The same number stands twice in what was told."""

    code = "serial_named_twice"
    text = _("Told twice: %(serials)s. Each unit has a number of its own.")


class SerialOnHand(Refused):
    """A unit with this number is in the house already."""

    code = "serial_on_hand"
    text = _("In the house already: %(serials)s. Check the numbers on the units, or count the place where they lie.")


class NotASerial(Refused):
    """The code is a lot's: many units bear it."""

    code = "not_a_serial"
    text = _("These are codes of lots, not serial numbers: %(serials)s.")


@transaction.atomic
def save_serials(
    merchant_id: int,
    *,
    serials: Sequence[tuple[int, str]],
    expires: Mapping[tuple[int, str], date | None] | None = None,
) -> dict[tuple[int, str], int]:
    """Find or make the serial numbers, told as (SKU id, code); give the lot id of each, by what was told.

    `expires` are the dates of those that have one, by what was told; a date that is known stays.

    A number that left the house may come again; one that is on hand is refused by name, and then nothing is made. Two
    who save the same number at once both get it, and the ledger refuses the second unit (`SerialTwice`). Four
    statements, however many.
    """
    read = {told: (told[0], told[1].strip()) for told in serials}
    for _sku, code in read.values():
        refuse_unreadable(code)
    if twice := [code for (_sku, code), n in Counter(read[told] for told in serials).items() if n > 1]:
        raise SerialNamedTwice(serials=_named(twice))
    if there := serials_on_hand(merchant_id, serials=list(read.values())):
        raise SerialOnHand(serials=_named([code for _sku, code in there]))
    insert_once(
        (
            Lot(merchant_id=merchant_id, sku_id=sku, code=code, is_serial=True, expires_on=(expires or {}).get(told))
            for told, (sku, code) in read.items()
        ),
        by=["sku_id", "code"],
    )
    rows = Lot.objects.filter(
        merchant_id=merchant_id, sku__in={sku for sku, _code in read.values()}, code__in={c for _, c in read.values()}
    )
    known = {
        (sku, code): (pk, serial) for pk, sku, code, serial in rows.values_list("pk", "sku_id", "code", "is_serial")
    }
    if lots := [code for sku, code in read.values() if not known[sku, code][1]]:
        raise NotASerial(serials=_named(lots))
    return {told: known[key][0] for told, key in read.items()}


def refuse_unreadable(code: str) -> None:
    """Refuse what cannot be a serial number."""
    if not 0 < len(code) <= LONGEST or not code.isprintable():
        raise SerialUnreadable


def _named(codes: Sequence[str]) -> str:
    return ", ".join(codes[:NAMED]) + (" …" if len(codes) > NAMED else "")
