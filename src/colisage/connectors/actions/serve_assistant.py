"""Serving an assistant: a program at our API."""

import asyncio

import httpx

from colisage.connectors.mcp.guard import Guard
from colisage.connectors.mcp.server import serve


def serve_assistant(url: str, *, key: str, language: str, write: bool, most_things: int, most_writes: int) -> None:
    """Serve an assistant over standard input and output until it leaves, with the API at an address behind it.

    It may do what the key may; with `write` also change things, within the bounds given. Raises `ConnectionError` when
    no Colisage answers there.
    """
    guard = Guard(most_things=most_things, most_writes=most_writes)
    try:
        asyncio.run(serve(url, key=key, language=language, write=write, guard=guard))
    except httpx.HTTPError as error:
        raise ConnectionError(repr(error)) from error
