"""The JSON doors of files each row of which stands by itself: SKUs, announced deliveries, safety stock.

They are sent (`file_bodies`), listed, and the rows of them that came back corrected, sent again as they are, set aside.
The doors of each kind are the same, below the address of what its files hold.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router

from colisage.catalog.actions.take_rows import SKUS
from colisage.desk.api.file_bodies import (
    EXAMPLES,
    Door,
    SentFileOut,
    post_announcements,
    post_safety,
    post_skus,
    said_of_body,
    told,
)
from colisage.desk.api.rows import AllRowsIn, NoSuchReason, Number
from colisage.inbound.actions.take_rows import ANNOUNCEMENTS
from colisage.inventory.actions.take_rows import SAFETY
from colisage.kit.actors import Actor
from colisage.kit.answers import Paged, given, known_id, known_parameters, page_of, read_body, there
from colisage.kit.described import described
from colisage.kit.errors import NotThere, Refused
from colisage.kit.sent_files import (
    Kind,
    Sent,
    Typed,
    file_of,
    files_of,
    refused_of,
    send_rows,
    send_rows_later,
    set_rows_aside,
)
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written
from colisage.ui.imported import CSV, refused_file

Numbers = Annotated[list[Number], Meta(min_length=1, max_length=1_000)]


class SentFilePageOut(Struct, frozen=True, kw_only=True):
    """A page of files, the newest first; `next` is the `page` that follows, null on the last."""

    items: list[SentFileOut]
    next: int | None


class SentRowOut(Struct, frozen=True, kw_only=True):
    """A row that came back: its line in the file, its cells as they came or were corrected, a code and a sentence.

    `tries` says how often it was sent again.
    """

    row: int
    tries: int
    cells: list[str]
    code: str
    detail: str


class SentRowsOut(Struct, frozen=True, kw_only=True):
    """A page of rows that came back, in the order of the file, under its `columns`."""

    columns: list[str]
    items: list[SentRowOut]
    next: int | None


class SentRowIn(Struct, forbid_unknown_fields=True, frozen=True):
    """A row as it should have been, under the columns of the file.

    `seen` are its tries when you read it: with it nothing is sent over what somebody typed since.
    """

    row: Number
    cells: Annotated[list[str], Meta(min_length=1, max_length=1_000)]
    seen: Annotated[int, Meta(ge=0)] | None = None


class SentRowsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Rows that came back, corrected."""

    rows: Annotated[list[SentRowIn], Meta(min_length=1, max_length=1_000)]


class RowNumbersIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Rows that came back, by their lines in the file."""

    rows: Numbers


class RowOut(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a row: saved, left (it holds nothing), set_aside, taken_up, or refused with a code and a sentence.

    `id` is what it became, or became part of.
    """

    row: int
    outcome: str
    id: int | None = None
    code: str = ""
    detail: str = ""


class RowListOut(Struct, frozen=True, kw_only=True):
    """What became of each row, in the order in which they were sent."""

    results: list[RowOut]


_CORRECTED: Final = msgspec.json.Decoder(SentRowsIn)
_NUMBERS: Final = msgspec.json.Decoder(RowNumbersIn)
_ALL: Final = msgspec.json.Decoder(AllRowsIn)


def _became(kind: Kind, row: int, became: Sent | Refused) -> RowOut:
    if isinstance(became, Refused):
        return RowOut(row=row, outcome="refused", code=became.code, detail=str(became))
    code = next(iter(became.reasons.values()), "")
    return RowOut(
        row=row, outcome=became.outcome, id=became.made_id, code=code, detail=str(kind.reasons.get(code, code))
    )


def _all(kind: Kind, answers: Mapping[int, Sent | Refused]) -> RowListOut:
    return RowListOut(results=[_became(kind, row, became) for row, became in answers.items()])


def _as_function(door: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a function for a bound method: the router notes something on what it is given."""

    @wraps(door)
    def function(*args: Any, **told: Any) -> HttpResponse:
        return door(*args, **told)

    return function


class Doors:
    """The doors of one kind of file."""

    def __init__(self, kind: Kind, *, files: str, called: str, read: str, write: str, send: Door) -> None:
        self.kind, self.read, self.write = kind, read, write
        self.router = Router(tags=["sent-files"])
        one, rows = f"{files}/{{int:file_id}}", f"{files}/{{int:file_id}}/refused"
        seen: dict[str, Any] = {"scope": read, "headers": ("If-None-Match",)}
        sent: dict[str, Any] = {"scope": write, "headers": ("Idempotency-Key",), "refusals": (404,)}
        some: dict[str, Any] = {"body": RowNumbersIn, "example": {"rows": [3, 7]}, **sent}
        right = {"rows": [{"row": 4, "cells": ["MUG", "Mug", "380"]}]}
        for method, path, name, door, said in (
            ("POST", files, f"send_{called}_file", send, said_of_body(write, EXAMPLES[called])),
            ("GET", files, f"list_{called}_files", self.list_files, described(SentFilePageOut, **seen)),
            ("GET", one, f"get_{called}_file", self.get_file, described(SentFileOut, refusals=(404,), **seen)),
            ("GET", rows, f"list_refused_{called}_rows", self.list_rows,
             described(SentRowsOut, refusals=(404,), **seen)),
            ("GET", f"{rows}.csv", f"get_refused_{called}_file", self.get_rows,
             described(scope=read, refusals=(404,), gives=(CSV,))),
            ("POST", f"{rows}/correct", f"correct_refused_{called}_rows", self.correct,
             described(RowListOut, body=SentRowsIn, example=right, **sent)),
            ("POST", f"{rows}/retry", f"retry_refused_{called}_rows", self.retry, described(RowListOut, **some)),
            ("POST", f"{rows}/retry-all", f"retry_all_refused_{called}_rows", self.retry_all,
             described(SentFileOut, body=AllRowsIn, status=202, example={"code": "too_long"}, **sent)),
            ("POST", f"{rows}/set-aside", f"set_refused_{called}_rows_aside", self.set_aside,
             described(RowListOut, **some)),
            ("POST", f"{rows}/take-up", f"take_refused_{called}_rows_up", self.take_up, described(RowListOut, **some)),
        ):  # fmt: skip
            doors = self.router.get if method == "GET" else self.router.post
            summary = name.replace("_", " ").capitalize()
            doors(path, operation_id=name, summary=summary, auth=None, openapi_extra=said)(_as_function(door))

    def _found(self, key: Key, file_id: int) -> Any:
        return there(file_of(self.kind.files, [key.merchant_id], run_id=known_id(file_id)))

    def list_files(self, request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
        """List the files that were sent, the newest first, with what became of their rows."""
        known_parameters(request, Paged)
        with behind_key(request, scope=self.read) as key:
            found = files_of(self.kind.files, key.merchant_id, before=asked.page, most=asked.limit + 1)
            shown, last = page_of(found, limit=asked.limit)
            items = [told(run) for run in shown]
            return given(request, SentFilePageOut(items=items, next=last.pk if last else None))

    def get_file(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """Say what became of the rows of a file."""
        known_parameters(request)
        with behind_key(request, scope=self.read) as key:
            return given(request, told(self._found(key, file_id)))

    def list_rows(self, request: HttpRequest, file_id: int, asked: Query[Paged]) -> HttpResponse:
        """List the rows of a file that came back, each with its reason."""
        known_parameters(request, Paged)
        with behind_key(request, scope=self.read) as key:
            run = self._found(key, file_id)
            found = list(refused_of(self.kind, run, most=asked.limit + 1, after=asked.page or 0))
            shown, last = page_of(found, limit=asked.limit)
            items = [
                SentRowOut(
                    row=one.number,
                    tries=one.tries,
                    cells=[str(cell) for cell in one.raw],
                    code=one.code,
                    detail=str(one.reason),
                )
                for one in shown
            ]
            following = last.number if last else None
            return given(request, SentRowsOut(columns=list(run.columns), items=items, next=following))

    def get_rows(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """Give the rows that came back as a file, with the reason beside each, to correct and send again."""
        known_parameters(request)
        with behind_key(request, scope=self.read) as key:
            run = self._found(key, file_id)
            return refused_file(request, self.kind, run)

    def correct(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """Send rows that came back again, corrected: read as the file was, each judged by itself."""
        sent = read_body(request, _CORRECTED).rows
        return self._sent(request, file_id, {one.row: Typed({one.row: one.cells}, seen=one.seen) for one in sent})

    def retry(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """Send rows that came back again as they are: what was missing is there now."""
        return self._sent(request, file_id, dict.fromkeys(read_body(request, _NUMBERS).rows))

    def _sent(self, request: HttpRequest, file_id: int, rows: Mapping[int, Typed | None]) -> HttpResponse:
        typed = {row: said for row, said in rows.items() if said}

        def answer(key: Key, actor: Actor) -> tuple[int, Any]:
            run_id = known_id(file_id)
            answers = send_rows(
                self.kind, list(rows), merchant_id=key.merchant_id, run_id=run_id, actor=actor, typed=typed
            )
            return 200, _all(self.kind, answers)

        return written(request, scope=self.write, answer=answer)

    def retry_all(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """Send all rows that came back again as they are, or those of one reason. A worker does it: follow the file."""
        code = read_body(request, _ALL).code
        if code and code not in self.kind.reasons:
            raise NoSuchReason(code=code.replace("\x00", ""))

        def answer(key: Key, actor: Actor) -> tuple[int, Any]:
            send_rows_later(self.kind, merchant_id=key.merchant_id, run_id=known_id(file_id), reason=code, actor=actor)
            return 202, told(self._found(key, file_id))

        return written(request, scope=self.write, answer=answer)

    def set_aside(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """Say that rows that came back are not to be sent: set_aside, or refused where none waits there."""
        return self._put(request, file_id, back=False)

    def take_up(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """Take up rows again that were set aside: taken_up, or refused where none was."""
        return self._put(request, file_id, back=True)

    def _put(self, request: HttpRequest, file_id: int, *, back: bool) -> HttpResponse:
        rows = list(dict.fromkeys(read_body(request, _NUMBERS).rows))

        def answer(key: Key, actor: Actor) -> tuple[int, Any]:
            run_id = known_id(file_id)
            done = set_rows_aside(self.kind, rows, merchant_id=key.merchant_id, run_id=run_id, back=back, actor=actor)
            became = Sent("taken_up" if back else "set_aside")
            return 200, _all(self.kind, {row: became if row in done else NotThere() for row in rows})

        return written(request, scope=self.write, answer=answer)


router = Router()
for _doors in (
    Doors(SKUS, files="/skus/files", called="sku", read="products:read", write="products:write", send=post_skus),
    Doors(
        ANNOUNCEMENTS,
        files="/inbound/announcements/files",
        called="announcement",
        read="inbound:read",
        write="inbound:write",
        send=post_announcements,
    ),
    Doors(
        SAFETY,
        files="/stock/safety/files",
        called="safety",
        read="stock:read",
        write="stock:write",
        send=post_safety,
    ),
):
    router.add_router("", _doors.router)
