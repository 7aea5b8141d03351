"""What became of a file that somebody sent: the page that says it, and its rows to correct as a file again."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from colisage.kit.sent_files import Returned
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


def refused_file(request: Any, run: Sent, rows: Iterable[Returned]) -> HttpResponse:
    """Give the rows that could not be used as a file, with the reason beside each in the reader's language."""
    out = io.BytesIO()
    dialect = Dialect(delimiter=run.delimiter, encoding="utf-8")
    told = ((row.raw, row.reason) for row in rows)
    write_refused(out, headers=run.columns, rows=told, dialect=dialect, language=request.LANGUAGE_CODE)
    response = HttpResponse(out.getvalue(), content_type=f"{CSV}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="refused-{run.pk}.csv"'
    return response
