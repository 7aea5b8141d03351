"""The web process: Django for the pages and most of the API, two short cuts beside it, a bound around the programs.

Static files are served from the packages that ship them. Orders posted to the API are collected and committed in
groups (`kit.group_commit`): a connection each, one transaction for all that wait together.
"""

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "colisage.config.settings")
django.setup()

from asgiref.sync import sync_to_async  # noqa: E402 -- Django must be set up first
from django.conf import settings  # noqa: E402
from django.core.handlers.asgi import ASGIHandler  # noqa: E402
from django.db import DatabaseError  # noqa: E402
from starlette.datastructures import QueryParams  # noqa: E402
from starlette.middleware.exceptions import ExceptionMiddleware  # noqa: E402
from starlette.requests import ClientDisconnect  # noqa: E402
from starlette.responses import Response  # noqa: E402
from starlette.routing import Mount, Router  # noqa: E402
from starlette.staticfiles import StaticFiles  # noqa: E402
from starlette.types import ASGIApp, Receive, Scope, Send  # noqa: E402

from colisage.config.bounds import BoundedBodies  # noqa: E402
from colisage.config.refusals import language_asked, refused  # noqa: E402
from colisage.intake.api import Reply, answer_posts, malformed, sender_of, unauthorized  # noqa: E402
from colisage.intake.api.reading import Post, read_post  # noqa: E402
from colisage.kit.answers import known_names  # noqa: E402
from colisage.kit.errors import Malformed, Refused  # noqa: E402
from colisage.kit.group_commit import GroupCommit  # noqa: E402
from colisage.kit.idempotency import known_key  # noqa: E402
from colisage.kit.limits import TooMany  # noqa: E402
from colisage.kit.problems import CONTENT_TYPE  # noqa: E402
from colisage.kit.rehearsal import HEADER as DRY_RUN  # noqa: E402
from colisage.kit.rehearsal import asks_for_rehearsal, rehearsing  # noqa: E402
from colisage.kit.settling import settle  # noqa: E402
from colisage.network.queries import ChannelFacts  # noqa: E402
from colisage.people.queries import Key, order_meter  # noqa: E402

_KEY_SECONDS = 15.0  # a revoked key is refused after this long at the latest
_DRY_RUN = DRY_RUN.lower().encode()
_known: dict[bytes, tuple[float, tuple[Key, dict[str, ChannelFacts]]]] = {}
_sharing: set[asyncio.Task[None]] = set()
_group: GroupCommit[Post, Reply] = GroupCommit(answer_posts, most=256, writers=1)
# A large batch is a group already. Two are under way at once: while the server writes one, Python reads the other.
_LARGE = 50
_batches: GroupCommit[Post, Reply] = GroupCommit(answer_posts, most=1, writers=2)


class VersionedStatic(StaticFiles):
    """Static files that browsers may keep: their address changes with the version."""

    def file_response(
        self, full_path: Any, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Answer with a file."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache" if settings.DEBUG else "public, max-age=31536000, immutable"
        return response


async def post_orders(scope: Scope, receive: Receive, send: Send) -> None:
    """Accept orders, committed together with those that wait at the same time."""
    said = dict(scope["headers"])
    answer = await _placed(said, query=scope["query_string"], receive=receive, language=language_asked(said))
    await answer(scope, receive, send)


async def _placed(said: Mapping[bytes, bytes], *, query: bytes, receive: Receive, language: str) -> ASGIApp:
    """Give the answer to posted orders; `said` are the headers."""
    sender = await _sender(said.get(b"authorization", b""))
    if sender is None:
        return _response(unauthorized(language))
    owner = f"intake:{sender[0].id}"
    waiting = order_meter().take(owner)
    if order_meter().is_due(owner):
        _sharing.add(task := asyncio.create_task(_share(owner)))
        task.add_done_callback(_sharing.discard)
    if waiting:
        return refused(TooMany(waiting), language=language)
    try:
        known_names(QueryParams(query) if query else ())
        post = read_post(
            await _body(receive),
            key=sender[0],
            channels=sender[1],
            language=language,
            idempotency_key=known_key(_text(said, b"idempotency-key")),
        )
    except Malformed as error:
        return _response(malformed(error, language=language))
    if asks_for_rehearsal(_text(said, _DRY_RUN)):
        return await _rehearsed(post)
    try:
        return _response(await (_batches if len(post.orders) >= _LARGE else _group).submit(post))
    except Refused as refusal:
        return refused(refusal, language=language)


async def _rehearsed(post: Post) -> Response:
    """Accept the orders of a request alone, and undo it: those of others are not undone with it."""
    with rehearsing():
        (reply,) = await sync_to_async(answer_posts, thread_sensitive=True)([post])
    answer = _response(reply)
    answer.headers[DRY_RUN] = "true"
    return answer


async def _share(owner: str) -> None:
    """Tell the other processes how much a sender sent; nobody waits for it, and nobody fails when it does."""
    with suppress(DatabaseError):
        await sync_to_async(order_meter().share, thread_sensitive=True)(owner)


def _text(said: Mapping[bytes, bytes], name: bytes) -> str:
    return said.get(name, b"").decode("latin-1")


async def _body(receive: Receive) -> bytes:
    """Give the body of a request, which mostly comes in one piece."""
    pieces = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            return pieces[0] if len(pieces) == 1 else b"".join(pieces)


async def _sender(authorization: bytes) -> tuple[Key, dict[str, ChannelFacts]] | None:
    """Find who sends, remembering the answer for some seconds."""
    now = time.monotonic()
    kept = _known.get(authorization)
    if kept and kept[0] > now:
        return kept[1]
    sender = await sync_to_async(sender_of, thread_sensitive=True)(authorization.decode("latin-1"))
    if sender is None:
        _known.pop(authorization, None)
        return None
    if len(_known) > 1_000:
        _known.clear()
    _known[authorization] = (now + _KEY_SECONDS, sender)
    return sender


def _response(reply: Reply) -> Response:
    kind = "application/json" if reply.status < 400 else CONTENT_TYPE
    return Response(reply.body, status_code=reply.status, media_type=kind, headers=reply.headers)


def _static() -> StaticFiles:
    found = [app for app in (*settings.INSTALLED_APPS, "ninja") if find_spec(app) and _has_static(app)]
    return VersionedStatic(packages=[(app, "static") for app in found])


def _has_static(app: str) -> bool:
    spec = find_spec(app)
    return bool(spec and spec.origin and (Path(spec.origin).parent / "static").is_dir())


# What fails without an answer of its own is left to the server: bodies over the bound are refused on the way out.
_site = ExceptionMiddleware(
    Router(
        routes=[
            Mount(settings.STATIC_URL.rstrip("/"), _static()),
            Mount("", ASGIHandler()),  # type: ignore[arg-type]  # Django types its ASGI more narrowly
        ]
    )
)


async def _doors(scope: Scope, receive: Receive, send: Send) -> None:
    """Let posted orders in by their own door, past the routes and layers of the site, which are made for pages."""
    if scope["type"] == "http" and scope["path"] == "/api/v1/orders" and scope["method"] == "POST":
        await post_orders(scope, receive, send)
    else:
        await _site(scope, receive, send)


application = BoundedBodies(_doors)
settle()
