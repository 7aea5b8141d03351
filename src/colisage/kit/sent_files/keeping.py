"""Keeping files and the rows of them that could not be used, and giving these back."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.functional import Promise

from colisage.kit.actors import Actor
from colisage.kit.sent_files.tables import Kind, ReadFile, RefusedRow, SentFile, storable
from colisage.kit.tabular import Table


class Returned(NamedTuple):
    """A row to correct: its line in the file, its cells, and what is wrong in words."""

    number: int
    raw: Sequence[str]
    reason: str | Promise
    code: str
    first_row: int  # with which begins what it belongs to
    tries: int  # how often it was sent again


File = TypeVar("File", bound=SentFile)
Sort = TypeVar("Sort", bound=ReadFile)
Row = TypeVar("Row", bound=models.Model)


def rows_in(table: type[Row], **of: Any) -> models.QuerySet[Row]:
    """Give the rows of a table known by its shape, those `of` a merchant or a file: its fields beyond the shape."""
    return table._default_manager.filter(**of)  # noqa: SLF001 -- the only manager that an abstract model is known by


def begin_file(files: type[File], merchant_id: int, *, table: Table, file_name: str, actor: Actor, **more: Any) -> File:
    """Note that a file came, with `more` that its kind keeps."""
    return rows_in(files).create(
        merchant_id=merchant_id,
        file_name=storable(file_name[:200]),
        columns=[storable(name) for name in table.headers],
        delimiter=table.dialect.delimiter,
        by_name=str(actor)[:150],
        **more,
    )


def keep_refused(rows: type[RefusedRow], run: Any, refused: Iterable[tuple[int, Sequence[str], str]]) -> int:
    """Keep rows (line, cells, reason) that could not be used, and count them; one statement for a thousand.

    Gives their number. The file is left to be saved.
    """
    make: Callable[..., RefusedRow] = rows  # who inherits has more fields
    kept = rows_in(rows).bulk_create(
        (
            make(
                merchant_id=run.merchant_id,
                run=run,
                number=number,
                first_row=number,
                reason=reason,
                raw=[storable(cell) for cell in raw],
            )
            for number, raw, reason in refused
        ),
        batch_size=1000,
    )
    run.refused = dict(Counter(run.refused) + Counter(row.reason for row in kept))
    return len(kept)


def files_of(files: type[Sort], merchant_id: int, *, before: int | None = None, most: int = 10) -> list[Sort]:
    """Give the last files of a merchant, those before one."""
    found = rows_in(files, merchant_id=merchant_id).order_by("-pk")
    return list((found if before is None else found.filter(pk__lt=before))[:most])


def files_to_correct(kind: Kind, merchant_ids: Collection[int], *, most: int) -> list[ReadFile]:
    """Give the last files of these merchants of which rows wait to be corrected."""
    found = rows_in(kind.files, merchant_id__in=merchant_ids, **kind.read).exclude(refused={})
    return list(found.order_by("-pk")[:most])


def file_of(files: type[Sort], merchant_ids: Collection[int], *, run_id: int) -> Sort | None:
    """Find a file of these merchants."""
    return rows_in(files, merchant_id__in=merchant_ids, pk=run_id).first() if run_id < 2**63 else None


def refused_of(kind: Kind, run: Any, *, most: int | None = None, after: int = 0) -> Iterator[Returned]:
    """Give the rows of a file that wait to be corrected, as somebody left them, in its order, behind line `after`."""
    waiting = rows_in(kind.rows, merchant_id=run.merchant_id, run=run, state="open", number__gt=after)
    now = waiting.order_by("number").annotate(now=Coalesce("cells", "raw"))
    found = now.values_list("number", "now", "reason", "first_row", "tries")[:most]
    for number, cells, reason, first_row, tries in found.iterator(chunk_size=2_000):
        yield Returned(number, cells or [f"#{number}"], kind.reasons.get(reason, reason), reason, first_row, tries)
