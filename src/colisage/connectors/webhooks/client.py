"""Making webhook calls: many at once, each within seconds, to public addresses only, over a connection of its own.

A name is looked up once, and the address that was judged is the one that is called: a name that points elsewhere a
moment later changes nothing. Redirects are not followed. Of an answer only the beginning is read.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Sequence
from functools import cache
from typing import Final

import httpx

from colisage.notices.ports import Answer, Letter
from colisage.notices.queries.addresses import is_barred, is_public

SECONDS: Final = 15.0  # for a whole call, however slowly the answer drips
CONNECT_SECONDS: Final = 5.0
READ_BYTES: Final = 2_000
SAID_CHARACTERS: Final = 300


class PrivateAddressError(OSError):
    """The name stands for an address that is not out on the internet."""


class BarredAddressError(OSError):
    """The name stands for an address that is never called, not even inside."""


class WebhookCourier:
    """Fills `notices.ports.Courier`."""

    def carry(self, letters: Sequence[Letter], *, inside: bool) -> list[Answer]:
        """Make the calls and give the answer to each."""
        return asyncio.run(_carry(letters, inside=inside))


async def _carry(letters: Sequence[Letter], *, inside: bool) -> list[Answer]:
    """Make calls side by side. No connection is kept: it was made for one name, and checked for that one."""
    limits = httpx.Limits(max_connections=len(letters) or 1, max_keepalive_connections=0)
    timeout = httpx.Timeout(SECONDS, connect=CONNECT_SECONDS)
    async with httpx.AsyncClient(
        verify=_trust(), trust_env=False, follow_redirects=False, limits=limits, timeout=timeout
    ) as client:
        return list(await asyncio.gather(*(_call(client, letter, inside=inside) for letter in letters)))


async def _call(client: httpx.AsyncClient, letter: Letter, *, inside: bool) -> Answer:
    started = time.monotonic()
    status, said, later, why = None, "", None, ""
    try:
        async with asyncio.timeout(SECONDS):
            status, said, later = await _answer(client, letter, inside=inside)
    except TimeoutError:
        said, why = f"no answer within {SECONDS:.0f} s", "silent"
    except (PrivateAddressError, BarredAddressError) as error:
        said, why = str(error), "private" if isinstance(error, PrivateAddressError) else "barred"
    except (httpx.TimeoutException, httpx.NetworkError, httpx.ProtocolError) as error:
        said = f"{type(error).__name__}: {error}"
        why = "silent" if isinstance(error, httpx.ReadTimeout | httpx.WriteTimeout) else "unreachable"
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        said, why = str(error) or type(error).__name__, "unreachable"
    return Answer(letter.id, status, said[:SAID_CHARACTERS], round((time.monotonic() - started) * 1_000), later, why)


async def _answer(client: httpx.AsyncClient, letter: Letter, *, inside: bool) -> tuple[int, str, int | None]:
    """Make one call to the address behind its name."""
    url = httpx.URL(letter.url)
    address = await _resolved(url, inside=inside)
    headers = {**letter.headers, "Host": url.netloc.decode("ascii")}
    extensions = {"sni_hostname": url.raw_host.decode("ascii")}  # the certificate is checked against the name
    async with client.stream(
        "POST", url.copy_with(host=address), content=letter.body, headers=headers, extensions=extensions
    ) as response:
        return response.status_code, await _beginning(response), _seconds(response.headers.get("Retry-After", ""))


async def _resolved(url: httpx.URL, *, inside: bool) -> str:
    """Look a name up; raise when one of its addresses is not public (unless `inside`) or is called by nobody."""
    port = url.port or (443 if url.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(url.raw_host.decode("ascii"), port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not inside and (url.scheme != "https" or not all(map(is_public, addresses))):
        msg = "not called: a private address"
        raise PrivateAddressError(msg)
    if any(map(is_barred, addresses)):
        msg = "not called: an address of the machine itself"
        raise BarredAddressError(msg)
    return addresses[0]


async def _beginning(response: httpx.Response) -> str:
    """Read the beginning of an answer, as text on one line; what a line break or NUL would do to a page is left out."""
    body = b""
    async for piece in response.aiter_raw():
        body += piece
        if len(body) >= READ_BYTES:
            break
    text = body[:READ_BYTES].decode("utf-8", errors="replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:SAID_CHARACTERS]


def _seconds(header: str) -> int | None:
    return int(header) if header.isascii() and header.isdecimal() and len(header) < 7 else None


@cache
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
