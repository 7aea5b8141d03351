"""What is wrong with a file, or with one line of it, in words for the person who sent it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from colisage.kit.errors import Malformed


def _listed(names: Sequence[str | Promise]) -> str:
    return ", ".join(map(str, names))


_said = lazy(_listed, str)  # in the language of whoever reads it


class TableRefused(Malformed):
    """The whole file is refused, before any of its rows is used."""

    code = "table_refused"


class EmptyFile(TableRefused):
    """There is nothing in it, or only blank lines."""

    code = "empty_file"
    text = _("The file is empty. Export it again and send it.")


class OnlyHeader(TableRefused):
    """Column names and nothing below them."""

    code = "only_header"
    text = _("The file holds column names but no row. Export it again with its rows.")


class NotATable(TableRefused):
    """Another kind of file, whatever its name says."""

    code = "not_a_table"
    text = _("This file is %(kind)s, not a table. Export the rows as CSV and send that file.")


class SpreadsheetFile(TableRefused):
    """A workbook of another kind than Excel's of today, or one with a password."""

    code = "spreadsheet"
    text = _(
        "This spreadsheet is of an old kind, or protected. Open it, save it as an Excel workbook (.xlsx) without a "
        "password, or as “CSV UTF-8”, and send that file."
    )


class DamagedWorkbook(TableRefused):
    """An Excel workbook that is cut off, lacks parts, or holds what Excel never writes."""

    code = "damaged_workbook"
    text = _("This workbook is incomplete or damaged. Open it, save it again and send it, or save it as “CSV UTF-8”.")


class DamagedArchive(TableRefused):
    """A gzip file that ends too early or does not add up."""

    code = "damaged_archive"
    text = _("The compressed file is incomplete or damaged. Send it again.")


class FileTooLarge(TableRefused):
    """More bytes, once decompressed, than the limit."""

    code = "file_too_large"
    text = _("The file exceeds %(megabytes)s MB. Send it in several parts.")


class UnknownEncoding(TableRefused):
    """The bytes are text in no encoding we know."""

    code = "unknown_encoding"
    text = _("The characters of this file cannot be read. Save it as UTF-8 and send it again.")


class DuplicateColumns(TableRefused):
    """Two columns share a name, so a cell would have two values; `names` are as the file writes them."""

    code = "duplicate_columns"
    text = _("Several columns have the same name: %(columns)s. Rename or remove one of each.")

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(columns=_said(tuple(names)))


class MissingColumns(TableRefused):
    """Columns the reader cannot do without are absent; `names` are ones it would know, lazy where they have two."""

    code = "missing_columns"
    text = _("Columns are missing: %(columns)s. Add them, or choose another format.")

    def __init__(self, names: Iterable[str | Promise]) -> None:
        super().__init__(columns=_said(tuple(names)))


ROW_REASONS: Final[Mapping[str, Promise]] = {
    "too_few_cells": _("This row has fewer cells than there are columns."),
    "too_many_cells": _("This row has more cells than there are columns; a separator may lack its quotes."),
    "cell_too_long": _("A cell of this row is too long to be read."),
    "unclosed_quote": _("A quotation mark opened in this row is never closed."),
    "formula_not_saved": _("A cell of this row is a formula without a saved value: replace it by its value."),
    "cell_error": _("A cell of this row holds an error such as #REF!: replace it by its value."),
    "unreadable_characters": _("This row holds characters that cannot be read."),
}
