"""Rows of files of orders that came back: how they are read and shown."""

from collections.abc import Collection, Mapping, Sequence

from colisage.intake.models import ImportRun
from colisage.intake.ports import OrderDraft, OrderFormat, RowFate
from colisage.intake.queries.mappings import format_of, reading_options
from colisage.intake.rules.faults import disagreeing, faulty
from colisage.kit.sent_files import Kept, Reading
from colisage.kit.tabular import table_of


def _format_of(run: ImportRun) -> OrderFormat:
    return format_of(table_of(run.columns, rows=()), name=run.format)


def reading_of(run: ImportRun) -> Reading:
    """Say how the rows of a file are shown: by the number of their order, with the cells their reasons are about."""
    options = reading_options(run)
    columns = table_of(run.columns, rows=()).columns
    meanings = _format_of(run).meanings(columns, options=options)

    def faults(reason: str, cells: Mapping[str, str], beside: Sequence[Mapping[str, str]]) -> Collection[str]:
        if reason == "order_rows_disagree":
            return disagreeing(beside, meanings=meanings)
        return faulty(reason, cells, meanings=meanings, options=options)

    return Reading(columns, meanings.get("ref", ()), faults)


def read_again(run: ImportRun, *, orders: Sequence[Sequence[Kept]]) -> list[list[OrderDraft | RowFate]]:
    """Read orders again, each from its rows alone: their lines in the file, their cells, and why one is unreadable.

    By the format, the columns and the options by which the file was read; the file itself is not needed.
    """
    order_format, options = _format_of(run), reading_options(run)
    return [list(order_format.orders(table_of(run.columns, rows=rows), options=options)) for rows in orders]
