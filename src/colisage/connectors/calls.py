"""Speaking HTTP with shops: one call, never repeated by itself, every outcome named.

The address of a shop is typed by a person: unless `settings.COLISAGE_SHOPS_INSIDE` allows it, only addresses out on the
internet are called, so that nobody reaches our own network through us. A name is looked up once, and the address that
was judged is the one that is called. Redirects are not followed.
"""

import logging
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from threading import Lock
from typing import Any, Final

import httpx
from django.conf import settings

from colisage.connectors.ports import Access, ShopRefused, ShopSilent
from colisage.notices.queries.addresses import is_barred, is_public

_opening = Lock()
log = logging.getLogger(__name__)
MOST_BYTES: Final = 64_000_000
PATIENCE: Final = 6  # a whole answer may take so many times as long as a piece of it
_OF_THE_WAY: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_CODES: Final[Mapping[int, str]] = {
    401: "not_let_in",
    403: "not_allowed",
    404: "unknown_to_shop",
    410: "unknown_to_shop",
}


def call(
    access: Access,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    json: Any = None,
    content: bytes | None = None,
    auth: tuple[str, str] | None = None,
) -> httpx.Response:
    """Call once; give a good answer.

    Raises `ShopRefused` for a clear no and where nothing was sent, `ShopSilent` where the effect is not known.
    """
    try:
        request = _client().build_request(
            method, url, headers=headers, params=query, json=json, content=content, timeout=access.timeout_seconds
        )
    except UnicodeEncodeError as error:  # in a header: a key of characters that no key has
        raise ShopRefused("not_let_in") from error
    except httpx.InvalidURL as error:
        raise ShopRefused("not_reached", str(error)) from error
    try:
        answer = _whole(_client().send(request, auth=auth, stream=True), seconds=access.timeout_seconds * PATIENCE)
    except PrivateAddress as error:
        raise ShopRefused("private_address") from error
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, UnicodeError) as error:
        raise ShopRefused("not_reached", str(error)) from error
    except httpx.HTTPError as error:
        raise ShopSilent("not_reached", f"{type(error).__name__}: {error}") from error
    if answer.is_success:
        return answer
    if answer.has_redirect_location:
        raise ShopRefused("moved", answer.headers["location"].partition("?")[0])
    if answer.status_code == 429:
        raise ShopRefused("too_many_calls", f"429: {said(answer)}")
    if answer.status_code >= 500:
        raise ShopSilent("shop_in_trouble", f"{answer.status_code}: {said(answer)}")
    raise ShopRefused(_CODES.get(answer.status_code, "strange_answer"), f"{answer.status_code}: {said(answer)}")


def json_of(answer: httpx.Response) -> Any:
    """Read an answer as JSON; money stays as it was written."""
    try:
        return answer.json()
    except (ValueError, RecursionError) as error:
        raise ShopRefused("not_a_shop", said(answer)) from error


def said(answer: httpx.Response) -> str:
    """Give the beginning of what a shop said, on one line."""
    return " ".join(answer.text[:300].split())


@contextmanager
def understood() -> Iterator[None]:
    """Let what a shop answers, and its connector stumbles over, be an answer that cannot be understood.

    It is said so, and waits; nothing else does. Raises `ShopRefused` as the connector does.
    """
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        log.exception("an answer of a shop")
        raise ShopRefused("strange_answer", f"{type(error).__name__}: {error}") from error


def _whole(answer: httpx.Response, *, seconds: float) -> httpx.Response:
    """Read an answer to its end; raises `ShopSilent` where it has none that is near, in bytes or in time."""
    body, until = bytearray(), time.monotonic() + seconds
    with closing(answer):
        for chunk in answer.iter_bytes():
            body += chunk
            if len(body) > MOST_BYTES:
                raise ShopSilent("strange_answer", f"more than {MOST_BYTES} bytes")
            if time.monotonic() > until:
                raise ShopSilent("not_reached", f"more than {seconds:g} seconds")
    headers = [(name, value) for name, value in answer.headers.multi_items() if name not in _OF_THE_WAY]
    return httpx.Response(answer.status_code, headers=headers, content=bytes(body), request=answer.request)


def _client() -> httpx.Client:
    with _opening:
        return _made()


class PrivateAddress(httpx.ConnectError):
    """A name that leads into a private network."""


class OutsideOnly(httpx.HTTPTransport):
    """Connections to public addresses only, and to private ones where the settings allow it."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the address behind its name; raises `PrivateAddress` when that is a private one."""
        host = request.url.raw_host.decode("ascii")
        address = _judged(host, port=request.url.port or 443, inside=settings.COLISAGE_SHOPS_INSIDE)
        request.url = request.url.copy_with(host=address)
        request.extensions = {**request.extensions, "sni_hostname": host}  # the certificate is of the name
        return super().handle_request(request)


def _judged(host: str, *, port: int, inside: bool) -> str:
    """Look a name up and judge its addresses: inside those in our own network are called too, never a machine's own."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpx.ConnectError(str(error)) from error
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if any(map(is_barred, addresses)) or not (inside or all(map(is_public, addresses))):
        msg = "an address in a private network"
        raise PrivateAddress(msg)
    if inside:  # a test shop on this machine seldom listens to both
        return next((one for one in addresses if ":" not in one), addresses[0])
    return addresses[0]


@cache
def _made() -> httpx.Client:
    agent = {"user-agent": "Colisage"}
    return httpx.Client(transport=OutsideOnly(), trust_env=False, follow_redirects=False, headers=agent)
