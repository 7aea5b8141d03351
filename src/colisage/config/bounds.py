"""How much a program may send: a body over the bound is refused before it is read, or as soon as it is over it."""

from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from colisage.config.refusals import language_asked, refused
from colisage.kit.bodies import Packed, TooLarge
from colisage.kit.errors import Refused

MEGABYTES: Final = 20
MOST_BYTES: Final = MEGABYTES * 1_000_000
# Not the pages: files of people have bounds of their own.
DOORS: Final = ("/api/", "/hooks/", "/tracking/webhooks/")


class BoundedBodies:
    """Let a request to a door of programs in with at most 20 MB of body: 413 for more, 415 for a compressed one.

    What is announced is believed and not read; what comes without its length is counted while it comes. The rest of
    a body that was refused is thrown away by the server as it arrives: none of it is kept.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http" or not scope["path"].startswith(DOORS):
            await self._app(scope, receive, send)
            return
        said = dict(scope["headers"])
        refusal = _unread(said)
        if refusal is None:
            try:
                await self._app(scope, _Counted(receive), send)
            except _Over:
                refusal = TooLarge(megabytes=MEGABYTES)
        if refusal is not None:
            await refused(refusal, language=language_asked(said))(scope, receive, send)


def _unread(said: Mapping[bytes, bytes]) -> Refused | None:
    """Say why a body is not even read, from the headers."""
    length = said.get(b"content-length", b"")
    if length.isdigit() and int(length[:18]) > MOST_BYTES:
        return TooLarge(megabytes=MEGABYTES)
    return Packed() if said.get(b"content-encoding", b"").strip().lower() not in {b"", b"identity"} else None


class _Over(Exception):  # noqa: N818 -- a verdict
    """More came than may."""


class _Counted:
    """What a server hands over of a body, counted."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._left = receive, MOST_BYTES

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise _Over
        return message
