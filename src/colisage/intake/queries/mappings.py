"""Saved mappings of columns, and how a file that was sent is laid out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import skus_by_code
from colisage.intake.models import ColumnMapping, ImportRun
from colisage.intake.ports import DATE_ORDERS, REASONS, MappedFormat, OrderDraft, OrderFormat, ReadingOptions, RowFate
from colisage.intake.rules import holds_of
from colisage.intake.rules.columns import Pointed, closest, fitting, made_for
from colisage.kit.marks import mark_of
from colisage.kit.queries import deeds_on
from colisage.kit.tabular import Table, TableRefused, fold, open_table
from colisage.kit.tabular.cells import DecimalMark
from colisage.orders.queries import hold_reason
from colisage.people.queries import merchants_by_id

SHOWN_ROWS: Final = 8
MARKS: Final[Mapping[str, DecimalMark]] = {"comma": ",", "point": "."}
LOOKED_AT: Final = 60  # rows for the preview


class UnknownFormat(TableRefused):
    """No format recognises the columns of the file."""

    code = "unknown_format"
    text = _(
        "These columns are of no order file we know. Send it on the import page and point at its columns, or use our "
        "own format, shown there."
    )


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out: of a `known` format, by a saved mapping, or `unknown`, with the one that nearly fits."""

    kind: Literal["known", "mapped", "unknown"]
    mapping: Pointed | None = None
    missing: Collection[str] = ()  # columns that the mapping needs and the file lacks, as they were written


def format_of(table: Table, *, name: str = "") -> OrderFormat:
    """Find the format of a table by name, else the first that recognises its columns."""
    formats: list[OrderFormat] = [import_string(path)() for path in settings.COLISAGE_ORDER_FORMATS]
    for order_format in formats:
        if name == order_format.name or (not name and order_format.recognises(table.columns)):
            return order_format
    raise UnknownFormat


def mapped_format() -> MappedFormat:
    """Give the format whose columns may be called anything."""
    formats = (import_string(path)() for path in settings.COLISAGE_ORDER_FORMATS)
    return cast("MappedFormat", next(one for one in formats if hasattr(one, "guess")))


def mappings_of(merchant_ids: Collection[int]) -> list[ColumnMapping]:
    """Give the saved mappings of merchants, by channel and name."""
    rows = ColumnMapping.objects.filter(merchant_id__in=merchant_ids).select_related("channel", "merchant")
    return list(rows.order_by("merchant_id", "channel_id", "name"))


def mapping_of(merchant_ids: Collection[int], *, mapping_id: int, locked: bool = False) -> ColumnMapping | None:
    """Find a saved mapping of these merchants; `locked` until the caller's transaction ends."""
    rows = ColumnMapping.objects.filter(merchant_id__in=merchant_ids, pk=mapping_id)
    rows = rows.select_for_update(no_key=True, of=("self",)) if locked else rows
    return rows.select_related("channel", "merchant").first()


def removed_mapping(merchant_ids: Collection[int], *, mapping_id: int) -> ColumnMapping | None:
    """Give a mapping of these merchants that was removed, without its places, by what was written down of it."""
    deeds = deeds_on("mapping", doc_id=mapping_id)
    gone = next((one for one in deeds if one.verb == "mapping_removed" and one.merchant_id in merchant_ids), None)
    if gone is None or gone.merchant_id is None or "headers" not in gone.data:
        return None
    return ColumnMapping(
        merchant_id=gone.merchant_id, channel_id=gone.data["channel"], name=gone.data["name"],
        headers=gone.data["headers"], by_name=gone.actor_name, saved_at=gone.at,
    )  # fmt: skip


def mapping_mark(mapping: ColumnMapping) -> str:
    """Give a mark of what a mapping says: another one when somebody says it otherwise."""
    return mark_of([mapping.name, mapping.places, mapping.options])


def own_names(mapping: ColumnMapping) -> dict[str, str]:
    """Give how the files of a mapping name their columns, by the folded names that places are kept by."""
    return {fold(header): header for header in mapping.headers}


def pointed(merchant_id: int, *, channel_id: int) -> list[Pointed]:
    """Give the saved mappings of a channel as plain values, the latest first."""
    rows = ColumnMapping.objects.filter(merchant_id=merchant_id, channel_id=channel_id).order_by("-saved_at", "-pk")
    return [Pointed(m.pk, m.name, list(own_names(m)), m.places, m.options, own_names(m)) for m in rows]


def layout_of(place: Path, *, mappings: Sequence[Pointed], only: bool = False) -> Layout:
    """Say how a file is laid out, by its first rows; one that is no table at all is left to whoever reads it.

    With `only` the one mapping counts, whatever else would recognise the file.
    """
    try:
        table = open_table(place, most_rows=1)
    except TableRefused:
        return Layout("known")
    if only:
        missing = mappings[0].missing(table.columns)
        return Layout("unknown" if missing else "mapped", mappings[0], missing)
    if exact := made_for(table.columns, mappings=mappings):
        return Layout("mapped", exact)
    try:
        format_of(table)
    except TableRefused:
        fit = fitting(table.columns, mappings=mappings)
        return Layout("mapped", fit) if fit else Layout("unknown", closest(table.columns, mappings=mappings))
    return Layout("known")


def reading_options(run: ImportRun, **told: Any) -> ReadingOptions:
    """Give how a file is to be read: what was said with it, what its mapping says, what the merchant's shop is."""
    merchant = merchants_by_id({run.merchant_id})[run.merchant_id]
    options = {**run.options, **told}
    return ReadingOptions(
        dates=DATE_ORDERS.get(options.get("dates") or ""),
        zone=ZoneInfo(merchant.timezone),
        currency=options.get("currency") or merchant.currency,
        received_at=run.created_at,
        history=bool(options.get("history")),
        columns=options.get("columns") or {},
        country=options.get("country") or "",
        mark=MARKS.get(options.get("mark") or "", ""),
        prices_include_tax=options.get("prices") != "without_tax",
        payment="paid" if options.get("payment") == "paid" else "unknown",
    )


def file_of(run: ImportRun, *, most_rows: int = LOOKED_AT) -> Table:
    """Open the beginning of a file that was sent; raises a `TableRefused`."""
    return open_table(settings.COLISAGE_DATA_DIR / run.path, most_rows=most_rows)


@dataclass(frozen=True, slots=True)
class Looked:
    """An order as it would be read from a file, or what came back of its rows: `why` is for people."""

    number: str
    draft: OrderDraft | None = None
    why: Sequence[str | Promise] = ()  # refusals, or reasons to wait


def preview(run: ImportRun, *, table: Table, options: ReadingOptions, most: int = 5) -> list[Looked]:
    """Read the first orders as they would be taken, and the first rows that would come back."""
    read: list[OrderDraft | RowFate] = []
    for outcome in mapped_format().orders(table, options=options):
        read.append(outcome)
        if sum(isinstance(one, OrderDraft) for one in read) >= most or len(read) > 10 * most:
            break
    drafts = [one for one in read if isinstance(one, OrderDraft)]
    codes = {line.sku for draft in drafts for line in draft.lines}
    known = skus_by_code(run.merchant_id, codes=codes) if codes else {}
    return [*(_looked(draft, known) for draft in drafts), *_returned(read)]


def _looked(draft: OrderDraft, known: Mapping[str, Any]) -> Looked:
    strange = sorted({line.sku for line in draft.lines if line.sku.upper() not in known and line.ours})
    waits = [hold_reason(reason) for _kind, reason in holds_of(draft)]
    return Looked(
        draft.number, draft, [*([f"{REASONS['unknown_sku']} ({', '.join(strange)})"] if strange else []), *waits]
    )


def _returned(read: Sequence[OrderDraft | RowFate]) -> list[Looked]:
    fates = [one for one in read if isinstance(one, RowFate) and one.fate == "refused"]
    return [Looked(str(one.number), None, [REASONS.get(one.reason, one.reason)]) for one in fates[:10]]
