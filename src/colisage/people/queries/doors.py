"""The door of a program: whose key it carries, and the wall behind which it is answered."""

import base64
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Schema

from colisage.kit.actors import Actor
from colisage.kit.answers import encoded, etag_of, known_parameters
from colisage.kit.conflicts import again
from colisage.kit.idempotency import Answer, once
from colisage.kit.walls import behind_the_wall
from colisage.people.queries import Key, Unauthorized, key_of, meter, sent_key


@contextmanager
def behind_wall_of(key: Key) -> Iterator[None]:
    """Answer a program behind the wall of its merchant, and in the merchant's days: elsewhere it is another one."""
    with (
        timezone.override(ZoneInfo(key.timezone)),
        behind_the_wall(merchants=[key.merchant_id], operators=key.operators),
    ):
        yield


@contextmanager
def behind_key(request: HttpRequest, *, scope: str) -> Iterator[Key]:
    """Answer a program behind the wall of its merchant; raise `Unauthorized` unless its key has the scope."""
    key = sent_key(request, scope=scope)
    with behind_wall_of(key):
        yield key


def written(
    request: HttpRequest,
    *,
    scope: str,
    answer: Callable[[Key, Actor], tuple[int, Any]],
    asked: type[Schema] | None = None,
) -> HttpResponse:
    """Let a program change something, in one transaction: give the status and the content that `answer` gives.

    A parameter that is none of the door's (`asked`) is refused: `?dry_run=true` must not be done in earnest.

    A request that came before under the same `Idempotency-Key` gets the answer of then, without its effect a second
    time; with another body it is refused (422). While it is still being answered, it is refused (409). A refusal undoes
    everything and is not kept. What got in somebody's way begins again.
    """
    key = sent_key(request, scope=scope)
    known_parameters(request, asked)
    actor = Actor("key", key.id, key.name, request.META.get("REMOTE_ADDR"))

    def kept() -> Answer:
        status, content = answer(key, actor)
        return status, encoded(content)

    def work() -> Answer:
        with behind_wall_of(key):
            return once(
                f"key:{key.id}",
                key=request.headers.get("Idempotency-Key", "").replace("\x00", ""),
                body=f"{request.method} {request.get_full_path()} ".encode() + request.body,
                merchants=[key.merchant_id],
                answer=kept,
            )

    status, body = again(work)
    return HttpResponse(body, status=status, content_type="application/json", headers={"ETag": etag_of(body)})


@contextmanager
def behind_password(request: HttpRequest, *, scopes: Collection[str]) -> Iterator[Key]:
    """Answer a program that can send its key only as a password; raise `Unauthorized` unless it has all these scopes.

    Its user name is of no account. Raises `TooMany` when the key has asked too often.
    """
    key = key_of(_password(request))
    if key is None or not set(scopes) <= key.scopes:
        raise Unauthorized(scope=", ".join(scopes))
    meter().pass_or_refuse(f"key:{key.id}")
    with behind_wall_of(key):
        yield key


def _password(request: HttpRequest) -> str:
    kind, _space, given = request.headers.get("Authorization", "").partition(" ")
    try:
        said = base64.b64decode(given.strip(), validate=True).decode() if kind.lower() == "basic" else ""
    except ValueError:
        return ""
    return said.partition(":")[2].replace("\x00", "")
