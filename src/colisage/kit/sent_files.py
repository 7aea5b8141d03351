"""Tables that people sent, and the rows that came back: kept as they came until they are corrected and sent again.

An app has a table of each, with its merchant, its wall and its reasons; what is done with them is done here.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from django.db import models
from django.db.models.functions import Now
from django.utils.functional import Promise

from colisage.kit.actors import Actor
from colisage.kit.tabular import Table


class SentFile(models.Model):
    """A file that somebody sent, and what became of its rows. Who inherits has a merchant."""

    file_name = models.CharField(max_length=200)
    columns = models.JSONField(default=list)
    delimiter = models.CharField(max_length=1, default=",")
    saved = models.IntegerField(default=0)  # rows
    refused = models.IntegerField(default=0)
    by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


class RefusedRow(models.Model):
    """A row that could not be used: as it came, with the reason. Who inherits has a merchant, and the file as `run`."""

    number = models.IntegerField()
    reason = models.CharField(max_length=40)
    raw = models.JSONField()

    class Meta:
        abstract = True


class Returned(NamedTuple):
    """A row to correct: its line in the file, its cells, and what is wrong in words."""

    number: int
    raw: Sequence[str]
    reason: str | Promise
    code: str = ""
    order_row: int = 0  # with which its order begins, in a file of orders
    tries: int = 0  # how often it was sent again


File = TypeVar("File", bound=SentFile)
Kept = TypeVar("Kept", bound=models.Model)


def _rows(table: type[Kept]) -> models.QuerySet[Kept]:
    return table._default_manager.all()  # noqa: SLF001 -- the only manager that an abstract model is known by


def begin_file(files: type[File], merchant_id: int, *, table: Table, file_name: str, actor: Actor) -> File:
    """Note that a file came."""
    keys: dict[str, Any] = {"merchant_id": merchant_id}
    return _rows(files).create(
        **keys,
        file_name=_storable(file_name[:200]),
        columns=[_storable(name) for name in table.headers],
        delimiter=table.dialect.delimiter,
        by_name=str(actor)[:150],
    )


def keep_refused(rows: type[RefusedRow], run: Any, refused: Iterable[tuple[int, Sequence[str], str]]) -> int:
    """Keep rows (line, cells, reason) that could not be used; give their number. One statement for a thousand."""
    make: Callable[..., RefusedRow] = rows  # who inherits has more fields
    kept = _rows(rows).bulk_create(
        (
            make(
                merchant_id=run.merchant_id,
                run=run,
                number=number,
                reason=reason,
                raw=[_storable(cell) for cell in raw],
            )
            for number, raw, reason in refused
        ),
        batch_size=1000,
    )
    return len(kept)


def files_of(files: type[File], merchant_id: int, *, most: int = 10) -> list[File]:
    """Give the last files of a merchant."""
    return list(_rows(files).filter(merchant_id=merchant_id).order_by("-pk")[:most])


def file_of(files: type[File], merchant_ids: Collection[int], *, run_id: int) -> File | None:
    """Find a file of these merchants."""
    return _rows(files).filter(merchant_id__in=merchant_ids, pk=run_id).first() if run_id < 2**63 else None


def refused_of(
    rows: type[RefusedRow], run: Any, *, reasons: Mapping[str, str | Promise], most: int | None = None, after: int = 0
) -> Iterator[Returned]:
    """Give the rows of a file that came back, in its order, those behind line `after`."""
    of_file: dict[str, Any] = {"merchant_id": run.merchant_id, "run": run}
    if after:
        of_file["number__gt"] = after
    found = _rows(rows).filter(**of_file).order_by("number")
    for number, raw, reason in found.values_list("number", "raw", "reason")[:most].iterator(chunk_size=2_000):
        yield Returned(number, raw, reasons.get(reason, reason), reason)


def _storable(text: str) -> str:
    """Replace the one character the database cannot hold by the one that stands for the unreadable."""
    return text.replace("\0", "\ufffd")
