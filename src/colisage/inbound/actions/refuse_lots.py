"""What a label says of a lot, beside what the books know of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts, skus_by_id
from colisage.inventory.queries.lots import dates_of_lots
from colisage.kit.errors import Refused
from colisage.ui import words


class LotExpired(Refused):
    """The lot is past its date; it goes back to the supplier."""

    code = "lot_expired"
    text = _("This lot expired on %(day)s. Do not take it in; it goes back to the supplier.")


class ExpiryMissing(Refused):
    """The SKU has an expiry date, and neither the label nor the books tell one."""

    code = "expiry_missing"
    text = _("%(sku)s has an expiry date. Type the one that is printed.")


class OtherDate(Refused):
    """The date on the label is not the one that the books know of the lot."""

    code = "other_date"
    text = _(
        "By the books lot %(lot)s expires on %(known)s, not on %(told)s. Look at the label again; if it is right, have "
        "the date of the lot corrected first."
    )


@dataclass(frozen=True, slots=True)
class Labelled:
    """Units of a SKU that came, their lot in the books, and the date that was told."""

    sku_id: int
    lot_id: int | None
    expires_on: date | None


def refuse_lots(merchant_id: int, came: Sequence[Labelled]) -> None:
    """Refuse lots past their date, told or known, dates that contradict the books, and dates nobody told.

    A SKU that has dates but neither lots nor serial numbers has nothing to bear one: it is not asked. Two statements.
    """
    dates = dates_of_lots(merchant_id, lot_ids={one.lot_id for one in came if one.lot_id is not None})
    skus = skus_by_id(merchant_id, ids={one.sku_id for one in came})
    today = timezone.localdate()
    for one in came:
        code, known = dates.get(one.lot_id or 0, ("", None))
        has_lot = one.lot_id is not None
        refuse_day(one.expires_on, known=known, lot=code if has_lot else None, sku=skus.get(one.sku_id), today=today)


def refuse_day(told: date | None, *, known: date | None, lot: str | None, sku: SkuFacts | None, today: date) -> None:
    """Refuse the date of units that came: `told` by the label, `known` of their `lot`, None when they have none."""
    if told is not None and known is not None and told != known:
        raise OtherDate(lot=lot, known=_said(known), told=_said(told))
    day = known or told
    if day is not None and day < today:
        raise LotExpired(day=_said(day))
    if day is None and lot is not None and sku is not None and sku.tracks_expiry:
        raise ExpiryMissing(sku=sku.code)


def _said(day: date) -> str:
    return words.day(day, style="numeric")
