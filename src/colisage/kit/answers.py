"""How doors of the API read and answer: JSON bodies, pages, ETags."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct
from ninja import Schema
from pydantic import Field, StringConstraints

from colisage.kit.bodies import body_within, holds_nul
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.unreadable import why_unreadable

LARGEST: Final = 2**63 - 1

Text = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00]*$")]
Id = Annotated[int, Meta(ge=1, le=LARGEST)]
Ids = Annotated[list[Id], Meta(min_length=1, max_length=200)]
Given = TypeVar("Given")
Row = TypeVar("Row")


class Paged(Schema):
    """Which page of a list: `page` is the `next` of the page before."""

    page: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class UnknownParameter(Malformed):
    """A parameter that the door does not know: a filter that is misspelt must not give everything."""

    code = "unknown_parameter"
    text = _("There is no parameter %(name)s here.")


class Changed(Refused):
    """What is to be replaced is not what the caller saw."""

    code = "etag_differs"
    status = 412
    text = _("It has changed since you read it. Read it again, then send your change with the new ETag.")


class NotSaidWhich(Refused):
    """Replacing needs the ETag of what is replaced."""

    code = "etag_needed"
    status = 428
    text = _("Send the ETag of what you want to replace as If-Match.")


def known_parameters(request: HttpRequest, asked: type[Schema] | None = None, *, names: Collection[str] = ()) -> None:
    """Refuse a query with a parameter that is not among those of a schema, or of these names."""
    known_names(request.GET, known=asked.model_fields if asked else names)


def known_names(said: Iterable[str], *, known: Collection[str] = ()) -> None:
    """Refuse parameters, by their names, that are not known."""
    for name in said:
        if name not in known:
            raise UnknownParameter(name=name[:60].replace("\x00", ""))


def known_id(number: int) -> int:
    """Give an id from a path; one that no row can have is not there."""
    if number > LARGEST:
        raise NotThere
    return number


def there(found: Row | None) -> Row:
    """Give what was looked for; raise `NotThere` when nothing was found."""
    if found is None:
        raise NotThere
    return found


def page_of(found: Sequence[Row], *, limit: int) -> tuple[Sequence[Row], Row | None]:
    """Give the rows of a page, one more having been asked for, and the last of them where more follow."""
    shown = found[:limit]
    return shown, shown[-1] if len(found) > limit else None


def read_body(request: HttpRequest, decoder: msgspec.json.Decoder[Given]) -> Given:
    """Read a JSON body; raise `Malformed`, which says where it is wrong."""
    try:
        if holds_nul(request.body):
            raise Malformed(gettext("a text holds the character NUL"))
        return decoder.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(why_unreadable(error)) from error


def read_file(request: HttpRequest, *, megabytes: int) -> bytes:
    """Give a body that is a file; raise `TooLarge`, or `Malformed` when it is empty."""
    body = body_within(request, megabytes=megabytes)
    if not body.strip():
        raise Malformed(gettext("The file is empty."))
    return body


def etag_of(content: Any) -> str:
    """Give the ETag of what a door says (or of its bytes): the same as long as it says the same."""
    body = content if isinstance(content, bytes) else encoded(content)
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def encoded(content: Any) -> bytes:
    """Write what a door says as JSON."""
    return msgspec.json.encode(content)


def given(request: HttpRequest, content: Any, *, status: int = 200) -> HttpResponse:
    """Answer with JSON and its ETag; with 304 alone when the caller has it already."""
    tag = etag_of(content)
    if request.method == "GET" and tag in _tags(request.headers.get("If-None-Match", "")):
        return HttpResponse(status=304, headers={"ETag": tag})
    return HttpResponse(encoded(content), status=status, content_type="application/json", headers={"ETag": tag})


def expect(request: HttpRequest, content: Any) -> None:
    """Refuse to replace what is not what the caller saw; `*` replaces whatever is there."""
    expect_tag(request.headers.get("If-Match", ""), content)


def expect_tag(sent: str, content: Any) -> None:
    """Refuse what a caller asks of something else than it saw, by the ETag it sent."""
    if not sent.strip():
        raise NotSaidWhich
    if etag_of(content) not in _tags(sent) and sent.strip() != "*":
        raise Changed


class DoneOut(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one item of a request: `outcome`, and of a refused one a stable `code` and a sentence."""

    outcome: str
    id: int | None = None
    name: str = ""  # the code or reference under which it was sent
    code: str = ""
    detail: str = ""


class ResultsOut(Struct, frozen=True, kw_only=True):
    """What became of each item, in the order in which they were sent."""

    results: list[DoneOut]


class OnIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Whether it acts from now on: a rule, or an endpoint to which news goes."""

    on: bool


def results_of(ids: Sequence[int], became: Mapping[int, Refused | bool], *, done: str) -> ResultsOut:
    """Say of each item what became of it."""
    return ResultsOut(results=[judged(pk, became=became[pk], done=done) for pk in ids])


def judged(pk: int, *, became: Refused | bool, done: str = "", name: str = "") -> DoneOut:
    """Say what became of one item: `done` (under a `name`, if it has one), unchanged (False), or refused."""
    if isinstance(became, Refused):
        return DoneOut(outcome="refused", id=pk, code=became.code, detail=str(became))
    return DoneOut(outcome=done if became else "unchanged", id=pk, name=name)


def results_named(names: Sequence[str], became: Sequence[Refused | int | None], *, done: str) -> ResultsOut:
    """Say of each item, by the name under which it was sent, what became of it: `done` (with its id), or refused."""
    return ResultsOut(
        results=[
            DoneOut(outcome="refused", name=name, code=one.code, detail=str(one))
            if isinstance(one, Refused)
            else DoneOut(outcome=done, name=name, id=one)
            for name, one in zip(names, became, strict=True)
        ]
    )


def changes_named(names: Sequence[str], became: Sequence[Refused | int | None], *, done: str) -> ResultsOut:
    """Say of each item, by its name: `done` with its id, unchanged (None), or refused."""
    found = results_named(names, became, done=done).results
    return ResultsOut(
        results=[
            DoneOut(outcome="unchanged", name=one.name) if one.outcome == done and one.id is None else one
            for one in found
        ]
    )


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
