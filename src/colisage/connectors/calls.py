"""Speaking HTTP with shops: one call, never repeated by itself, every outcome named."""

from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any, Final

import httpx

from colisage.connectors.ports import Access, ShopRefused, ShopSilent

_opening = Lock()
MOST_BYTES: Final = 64_000_000
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
        answer = _client().request(
            method, url, headers=headers, params=query, json=json, content=content, auth=auth,
            timeout=access.timeout_seconds,
        )  # fmt: skip
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise ShopRefused("not_reached", str(error)) from error
    except httpx.HTTPError as error:
        raise ShopSilent("not_reached", f"{type(error).__name__}: {error}") from error
    if answer.is_success:
        return answer
    if answer.status_code == 429:
        raise ShopRefused("too_many_calls", answer.headers.get("retry-after", ""))
    if answer.status_code >= 500:
        raise ShopSilent("shop_in_trouble", f"{answer.status_code}: {said(answer)}")
    raise ShopRefused(_CODES.get(answer.status_code, "strange_answer"), f"{answer.status_code}: {said(answer)}")


def json_of(answer: httpx.Response) -> Any:
    """Read an answer as JSON; money stays as it was written."""
    if len(answer.content) > MOST_BYTES:
        raise ShopRefused("strange_answer", f"{len(answer.content)} bytes")
    try:
        return answer.json()
    except ValueError as error:
        raise ShopRefused("not_a_shop", said(answer)) from error


def said(answer: httpx.Response) -> str:
    """Give the beginning of what a shop said, on one line."""
    return " ".join(answer.text[:300].split())


def _client() -> httpx.Client:
    with _opening:
        return _made()


@cache
def _made() -> httpx.Client:
    return httpx.Client(trust_env=False, follow_redirects=False, headers={"user-agent": "Colisage"})
