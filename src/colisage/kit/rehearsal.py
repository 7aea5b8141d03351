"""Rehearsing a request of a program: everything is done as always, answered, and undone.

A request of the API with the header `Dry-Run: true` runs to its end behind the wall, with every rule and every
constraint of the database, and is then rolled back: the answer says what would have happened, and nothing has.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from django.http import HttpRequest, HttpResponse

HEADER: Final = "Dry-Run"
_rehearsing: ContextVar[bool] = ContextVar("rehearsing", default=False)


def is_rehearsal() -> bool:
    """Say whether what is done now is to be undone at its end."""
    return _rehearsing.get()


def asks_for_rehearsal(header: str | None) -> bool:
    """Read the header; whatever is not plainly *no* is taken for *yes*, so that a misspelt one changes nothing."""
    return (header or "").strip().casefold() not in {"", "0", "false", "no"}


@contextmanager
def rehearsing() -> Iterator[None]:
    """Undo at its end whatever is done behind the wall in this block."""
    before = _rehearsing.set(True)
    try:
        yield
    finally:
        _rehearsing.reset(before)


class Rehearsals:
    """Middleware: requests of the API that ask for it are rehearsals, and their answers say so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        if not request.path.startswith("/api/") or not asks_for_rehearsal(request.headers.get(HEADER)):
            return self.get_response(request)
        with rehearsing():
            answer = self.get_response(request)
        answer[HEADER] = "true"
        return answer
