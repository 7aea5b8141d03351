"""Labels of bins, goods, lots and plates: what is on them, set-based, and as files for a printer."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final, Literal

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from colisage.catalog.queries import barcodes_of, scanned, skus_across
from colisage.inventory.models import LicensePlate, Lot
from colisage.inventory.rules.labels import (
    MOST_LABELS,
    SIZES,
    Face,
    drawn,
    of_contents,
    of_goods,
    of_lot,
    of_plate,
    plain,
    zpl,
)  # fmt: skip
from colisage.kit.errors import Malformed, NotThere
from colisage.kit.gs1.digits import is_sscc
from colisage.kit.gs1.units import is_specimen
from colisage.kit.statements import statement
from colisage.kit.typst import pdf
from colisage.network.queries import bins_of

Paper = Literal["roll", "sheet", "zpl"]
PAPERS: Final = ("roll", "sheet", "zpl")
SHEETS: Final = {"large": (2, 105.0, 148.5), "small": (2, 105.0, 59.4)}  # columns, and the size of each on A4


class TooManyLabels(Malformed):
    """More than a printer's roll holds."""

    code = "too_many_labels"
    text = gettext_lazy("At most %(most)s labels in one file. Choose an aisle, or fewer copies.")


def labels_file(faces: Sequence[Face], *, paper: Paper) -> tuple[bytes, str]:
    """Give labels as a file, and its kind: PDF for a roll or for sheets of A4, ZPL for a thermal printer."""
    if len(faces) > MOST_LABELS:
        raise TooManyLabels(most=MOST_LABELS)
    if not faces:
        raise NotThere
    if paper == "zpl":
        return zpl(faces).encode(), "zpl"
    size = faces[0].size
    columns, width, height = SHEETS[size] if paper == "sheet" else (0, *SIZES[size])
    told = {
        "title": "Colisage", "columns": columns, "width": width, "height": height, "large": size == "large",
        "faces": [drawn(face) for face in faces],
    }  # fmt: skip
    return pdf("inventory/labels", told), "pdf"


def faces_of_bins(node_id: int, *, beginning: str = "", arrows: str = "") -> list[Face]:
    """Give the labels of the bins of a node whose code begins so, along the walk.

    `arrows` are `up` or `down` for all, or `level`: down for the level on the floor, up for those above.
    """
    found = []
    for one in bins_of(node_id):
        if one.code.upper().startswith(beginning.upper()):
            arrow: Literal["", "up", "down"] = ""
            if arrows == "up" or (arrows == "level" and one.level > 1):
                arrow = "up"
            elif arrows in {"down", "level"}:
                arrow = "down"
            corner = str(one.level) if one.level else ""
            found.append(Face(title=one.code, codes=(plain(one.code),), corner=corner, arrow=arrow))
    return found


def faces_of_skus(merchant_ids: Collection[int], *, sku_ids: Collection[int], copies: int = 1) -> list[Face]:
    """Give the labels of SKUs: code, name and bar code, so many of each."""
    skus = skus_across(merchant_ids, ids=sku_ids)
    codes = barcodes_of(skus)
    return [
        Face(title=sku.code, lines=(sku.name,), codes=(of_goods(codes.get(sku.id) or sku.code),))
        for sku in sorted(skus.values(), key=lambda sku: sku.code)
        for _copy in range(copies)
    ]


def faces_of_lots(merchant_ids: Collection[int], *, lot_ids: Collection[int], copies: int = 1) -> list[Face]:
    """Give the labels of lots and serial numbers: SKU, lot, expiry, and all of it in one bar code."""
    lots = list(Lot.objects.filter(merchant_id__in=merchant_ids, pk__in=lot_ids).select_related("sku").order_by("pk"))
    codes = barcodes_of({lot.sku_id for lot in lots})
    return [
        Face(
            title=lot.sku.code,
            lines=(lot.sku.name, _batch(lot.code, lot.expires_on, is_serial=lot.is_serial)),
            codes=(
                of_lot(codes.get(lot.sku_id, ""), lot=lot.code, expires_on=lot.expires_on, is_serial=lot.is_serial),
            ),
        )
        for lot in lots
        for _copy in range(copies)
    ]


def faces_of_plates(merchant_ids: Collection[int], *, plate_ids: Collection[int]) -> list[Face]:
    """Give the labels of plates with all that stands on them: SKU, lot, expiry, units. Three statements."""
    plates = LicensePlate.objects.filter(merchant_id__in=merchant_ids, pk__in=plate_ids).select_related("merchant")
    inside: dict[int, list[tuple[int, str, str, str | None, date | None, int]]] = {}
    with connection.cursor() as db:
        db.execute(statement("inventory", "plate_contents"), [sorted(plate_ids), sorted(merchant_ids)])
        for top, *content in db.fetchall():
            inside.setdefault(top, []).append((content[0], content[1], content[2], content[3], content[4], content[5]))
    codes = barcodes_of({sku for rows in inside.values() for sku, *_ in rows})
    return [_of_plate(plate, inside.get(plate.pk, []), codes) for plate in plates.order_by("pk")]


def skus_named(merchant_ids: Collection[int], *, codes: Collection[str]) -> list[int]:
    """Give the SKUs that these codes stand for: SKU codes or bar codes, in any case."""
    return sorted({hit.sku_id for code in codes for hit in scanned(merchant_ids, code=code)})


def lots_named(merchant_ids: Collection[int], *, codes: Collection[str], sku_id: int | None = None) -> list[int]:
    """Give the lots and serial numbers with these codes, of one SKU or of all."""
    found = Lot.objects.filter(merchant_id__in=merchant_ids, code__in=[code for code in codes if code])
    return list((found.filter(sku_id=sku_id) if sku_id else found).order_by("pk").values_list("pk", flat=True))


def plates_named(merchant_ids: Collection[int], *, codes: Collection[str]) -> list[int]:
    """Give the plates with these codes; SSCC may be written with their identifier, (00)."""
    wanted = {code.upper().replace(" ", "").removeprefix("(00)") for code in codes}
    wanted |= {code[2:] for code in wanted if len(code) == 20 and code.startswith("00")}
    found = LicensePlate.objects.filter(merchant_id__in=merchant_ids, code__in=wanted)
    return list(found.order_by("pk").values_list("pk", flat=True))


def _of_plate(
    plate: LicensePlate,
    rows: Sequence[tuple[int, str, str, str | None, date | None, int]],
    barcodes: dict[int, str],
) -> Face:
    sscc = is_sscc(plate.code)
    bars = [of_plate(plate.code, sscc=sscc)]
    if sscc and len(rows) == 1:
        sku, _code, _name, lot, until, units = rows[0]
        second = of_contents(barcodes.get(sku, ""), units=units, lot=lot or "", expires_on=until)
        bars[:0] = [second] if second else []
    lines = [f"{units} × {code}  {_batch(lot or '', until)}".rstrip() for _s, code, _n, lot, until, units in rows[:6]]
    if len(rows) == 1:
        lines.append(rows[0][2])
    if len(rows) > 6:
        more = len(rows) - 6
        lines.append(ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more})
    return Face(
        title=f"SSCC …{plate.code[-8:]}" if sscc else plate.code,
        lines=(plate.merchant.name, *lines),
        codes=tuple(bars),
        specimen=sscc and is_specimen(plate.code),
        size="large",
    )


def _batch(lot: str, expires_on: date | None, *, is_serial: bool = False) -> str:
    told = [(_("No. %(lot)s") if is_serial else _("Lot %(lot)s")) % {"lot": lot}] if lot else []
    if expires_on:
        told.append(_("expires %(day)s") % {"day": date_format(expires_on, "SHORT_DATE_FORMAT")})
    return " · ".join(told)
