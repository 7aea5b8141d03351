import re
from dataclasses import asdict, dataclass

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import Numbering
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, Refused
from colisage.kit.gs1.units import is_company_prefix, most_serial
from colisage.kit.statements import statement

_PLATE_PREFIX = re.compile(r"[A-Z]{2,6}")
_SEPARATOR = re.compile(r"[^0-9A-Za-z()\s\x00-\x1f\x7f]{1,3}|[{<\[][A-Z0-9]{1,6}[}>\]]")


class NoCompanyPrefix(Malformed):
    """GS1 gives prefixes of other lengths, or none like this."""

    code = "no_company_prefix"
    text = _("A company prefix has 6 to 12 digits, as GS1 wrote it to you. 952 is kept for examples.")


class NoSuchSerials(Malformed):
    """The serial references do not fit after the prefix."""

    code = "no_such_serials"
    text = _(
        "After this prefix, serial numbers run from 0 to %(most)s, the first before the last; the extension is a digit."
    )


class NoPlatePrefix(Malformed):
    """Plates begin with letters, so that they are never taken for goods."""

    code = "no_plate_prefix"
    text = _("Plate numbers begin with two to six capital letters, such as LPN.")


class NoSeparator(Malformed):
    """Letters and digits stand in lots themselves."""

    code = "no_separator"
    text = _("In the place of FNC1 the scanner may send signs such as | or {GS}: no letter, digit, bracket or space.")


class SerialsUsed(Refused):
    """Numbers from there on may be on pallets already."""

    code = "serials_used"
    text = _("SSCC up to %(used)s are given out. Begin after them, or take another extension digit.")


class PrefixTaken(Refused):
    """Two ranges with one prefix and one extension would give the same number twice."""

    code = "prefix_taken"
    text = _("This prefix is in use here with this extension digit. Take another extension digit.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberingTold:
    """How somebody numbers, as a form says it. Without a company prefix SSCC are specimens."""

    company_prefix: str = ""
    extension: int = 0
    first: int = 0
    last: int = 0
    plate_prefix: str = "LPN"
    separator: str = ""


@transaction.atomic
def save_numbering(
    told: NumberingTold, *, actor: Actor, merchant_id: int | None = None, operator_id: int | None = None
) -> None:
    """Set how a merchant (or else an operator) numbers units and what its scanners send; audited.

    Numbers given out are never given again: a range of the same prefix and extension begins after them. Raises what is
    wrong with the settings; then nothing changes.
    """
    refuse_numbering(told)
    known = (
        Numbering.objects.select_for_update(no_key=True)
        .filter(Q(merchant_id=merchant_id) if merchant_id else Q(operator_id=operator_id))
        .values("company_prefix", "extension", "next_serial", "last_serial", "plate_prefix", "separator")
        .first()
    )
    if (
        known
        and told.company_prefix
        and (known["company_prefix"], known["extension"]) == (told.company_prefix, told.extension)
        and told.first < known["next_serial"]
    ):
        raise SerialsUsed(used=known["next_serial"] - 1)
    values = {**asdict(told), "merchant": merchant_id, "operator": operator_id}
    try:
        with transaction.atomic(), connection.cursor() as db:
            db.execute(statement("catalog", "save_numbering"), values)
    except IntegrityError as error:
        raise PrefixTaken from error
    kind, pk = ("merchant", merchant_id) if merchant_id else ("operator", operator_id)
    deed = Deed(
        kind, pk or 0, "numbering_set", {"before": known, **asdict(told)},
        merchant_id=merchant_id, operator_id=operator_id,
    )  # fmt: skip
    record_deeds([deed], actor=actor)


def refuse_numbering(told: NumberingTold) -> None:
    """Refuse settings that GS1, or sense, does not allow."""
    if told.company_prefix and not is_company_prefix(told.company_prefix):
        raise NoCompanyPrefix
    if told.company_prefix:
        most = most_serial(told.company_prefix)
        if not 0 <= told.first <= told.last <= most or not 0 <= told.extension <= 9:
            raise NoSuchSerials(most=most)
    if not _PLATE_PREFIX.fullmatch(told.plate_prefix):
        raise NoPlatePrefix
    if told.separator and not _SEPARATOR.fullmatch(told.separator):
        raise NoSeparator
