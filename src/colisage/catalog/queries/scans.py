"""What a scanned code stands for: a merchant's own code, or anything that GS1 knows (`kit.gs1`)."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from colisage.catalog.models import Barcode, Sku
from colisage.catalog.queries.numbering import separators
from colisage.catalog.rules import CONTROL
from colisage.kit.errors import Malformed
from colisage.kit.gs1 import Reading, Unreadable, read
from colisage.kit.gs1.digits import check_digit, printed_gtin, spellings
from colisage.kit.gs1.refusals import Noise, NotGs1, TooLong


class UnknownCase(Malformed):
    """The number of a case whose contents nobody has told."""

    code = "unknown_case"
    text = gettext_lazy(
        "This is a case of %(sku)s, but its number of units is not in the catalogue. Add %(gtin)s to its barcodes."
    )


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scanned code stands for: units of a SKU, and what else the label says of them.

    `expires_on` is the expiry date, or without one the best-before date.
    """

    sku_id: int
    units: int
    lot: str = ""
    expires_on: date | None = None
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan, judged: what it may stand for, what was read, and why it was not read."""

    code: str
    hits: tuple[Scanned, ...] = ()
    reading: Reading | None = None
    problem: Malformed | None = None

    def hit_on(self, sku_id: int) -> Scanned | None:
        """Give what was read of one SKU."""
        return next((hit for hit in self.hits if hit.sku_id == sku_id), None)

    def contradicts(self, *, lots: Collection[str] = (), serials: Collection[str] = ()) -> bool:
        """Say whether the label names another lot than these, or another serial number; silent labels never do."""
        one = self.reading
        if one is None:
            return False
        return any(
            codes
            and (getattr(one, field) or field in one.doubts)
            and not any(one.could_be(field, code) for code in codes)
            for field, codes in (("lot", lots), ("serial", serials))
        )

    @property
    def named_lot(self) -> str:
        """Give the lot and the serial number as the label names them; several ways to read it are all shown."""
        one = self.reading
        if one is None:
            return ""
        told = [one.lot, one.serial, *(value for field, value in one.may_be if field in {"lot", "serial"})]
        return " / ".join(filter(None, told))

    @property
    def is_noise(self) -> bool:
        """Say whether the scanner sent what nobody could know: its own words tell more than that."""
        return not self.hits and self.problem is not None and not isinstance(self.problem, NotGs1)

    @property
    def why(self) -> str:
        """Say to a person why nothing was found."""
        if self.problem and not isinstance(self.problem, NotGs1):
            return str(self.problem)
        number = self.reading and (self.reading.gtin or self.reading.content)
        if number:
            return _("%(gtin)s is not in the catalogue. Set it aside.") % {"gtin": printed_gtin(number)}
        return _("Nobody knows this code.")


def scanned(merchant_ids: Collection[int], *, code: str) -> list[Scanned]:
    """Find what a scanned code may stand for: a barcode, a SKU code, or a GS1 code in any form.

    Several when merchants share a code, nothing when nobody knows it or it cannot be read; `judged` says why.
    """
    return list(judged(merchant_ids, code=code).hits)


def judged(merchant_ids: Collection[int], *, code: str) -> Scan:
    """Judge what a scanner sent. Never refuses: what cannot be trusted has no hits and a `problem`.

    A code that stands in the catalogue as it was scanned comes first; so a merchant's own numbers are never taken for
    those of GS1. GTINs are found however many zeros lead.
    """
    plain = code.strip()
    reading, problem = _read(merchant_ids, code)
    number = reading.gtin or reading.content if reading else ""
    own = [] if isinstance(problem, Noise | TooLong) or CONTROL.search(plain) else [plain]
    found = _barcodes(merchant_ids, codes={*own, *(spellings(number) if number else ())})
    if own and (exact := found.get(plain)):
        return Scan(plain, tuple(Scanned(sku, units) for sku, units in exact), reading)
    if own and (skus := _skus(merchant_ids, code=plain)):
        return Scan(plain, tuple(Scanned(sku, 1) for sku in skus), reading)
    if reading and number:
        hits = {pair: None for pairs in found.values() for pair in pairs}
        if not hits:
            problem = _case(merchant_ids, gtin=number)
        return Scan(plain, tuple(_told(reading, sku, units) for sku, units in hits), reading, problem)
    return Scan(plain[:100], (), reading, problem)


def _read(merchant_ids: Collection[int], code: str) -> tuple[Reading | None, Malformed | None]:
    """Read a code; where its separators may be missing, once more with those that scanners here are known to send."""
    reading: Reading | None = None
    problem: Malformed | None = None
    try:
        reading = read(code)
    except Unreadable as refusal:
        problem = refusal
    if isinstance(problem, Noise | NotGs1 | TooLong) or (reading and (reading.form != "elements" or "(" in code[:1])):
        return reading, problem
    for separator in separators(merchant_ids):
        if separator in code:
            with suppress(Unreadable):
                return read(code, separator=separator), None
    return reading, problem


def _told(reading: Reading, sku_id: int, units: int) -> Scanned:
    return Scanned(
        sku_id,
        units * max(reading.count or 1, 1),
        lot=reading.lot,
        expires_on=reading.expires_on or reading.best_before,
        serial=reading.serial,
    )


def _barcodes(merchant_ids: Collection[int], *, codes: Collection[str]) -> dict[str, list[tuple[int, int]]]:
    """Give the SKU and the units of each of these barcodes."""
    found: dict[str, list[tuple[int, int]]] = {}
    rows = Barcode.objects.filter(merchant_id__in=merchant_ids, code__in=codes).order_by("pk") if codes else ()
    for row in rows:
        found.setdefault(row.code, []).append((row.sku_id, row.units))
    return found


def _skus(merchant_ids: Collection[int], *, code: str) -> list[int]:
    rows = Sku.objects.filter(merchant_id__in=merchant_ids, code_key=code.upper())
    return list(rows.values_list("pk", flat=True))


def _case(merchant_ids: Collection[int], *, gtin: str) -> UnknownCase | None:
    """Say that an unknown number is that of a case of something known."""
    if gtin[0] in "09":  # a single unit, or one of variable measure
        return None
    single = "0" + gtin[1:13]
    single += check_digit(single)
    rows = Barcode.objects.filter(merchant_id__in=merchant_ids, code__in=spellings(single), units=1)
    sku = rows.values_list("sku__code", flat=True).first()
    return UnknownCase(sku=sku, gtin=gtin) if sku else None
