"""What became of a file that somebody sent: the page that says it, and its rows to correct as a file again."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from colisage.kit.sent_files import Kind, Returned, mark_column, mark_header, marked, refused_of
from colisage.kit.tabular import Dialect, write_refused

CSV: Final = "text/csv"


class Sent(Protocol):
    """A file, as it came."""

    pk: Any
    columns: Any
    delimiter: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the page of a file says: what was done, where to send another, where it went, and of columns not used.

    `saved` are the rows that were taken, in words.
    """

    title: str
    saved: str
    again: str
    again_url: str
    home: str
    home_url: str
    unused: Sequence[str] = ()
    remedy: str | Promise = ""  # what to do about columns that were not used


def imported_page(request: Any, run: Any, *, words: Words, listed: Mapping[str, Any], **context: Any) -> HttpResponse:
    """Say what became of the rows of a file, with those to correct, as `RowPages` lists them."""
    return render(request, "ui/imported.html", {**context, "run": run, "file": words, **listed})


def refused_file(request: Any, kind: Kind, run: Sent) -> HttpResponse:
    """Give the rows that could not be used as a file, with the reason beside each in the reader's language.

    Those of a kind that is `marked` also say which row they are.
    """
    out = io.BytesIO()
    dialect = Dialect(delimiter=run.delimiter, encoding="utf-8")
    rows = refused_of(kind, run)
    headers, told = _with_marks(run, rows) if kind.marked else (run.columns, ((row.raw, row.reason) for row in rows))
    write_refused(out, headers=headers, rows=told, dialect=dialect, language=request.LANGUAGE_CODE)
    response = HttpResponse(out.getvalue(), content_type=f"{CSV}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="refused-{run.pk}.csv"'
    return response


def _with_marks(
    run: Sent, rows: Iterable[Returned]
) -> tuple[Sequence[str], Iterable[tuple[Sequence[str], str | Promise]]]:
    """Put a column of marks behind the others, in the place of one that the file came with."""
    kept = [place for place, name in enumerate(run.columns) if mark_column([name]) is None]
    headers = [*(run.columns[place] for place in kept), mark_header()]
    return headers, (
        ([*(row.raw[at] if at < len(row.raw) else "" for at in kept), marked(run.pk, row.number)], row.reason)
        for row in rows
    )
