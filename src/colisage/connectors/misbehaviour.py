"""How the simulators of outside systems misbehave on demand: the ways are the same for all of them.

`slow` answers late; `error_before_effect` answers 503 and does nothing; `error_after_effect` does it and answers 500;
`drop` does it and breaks the connection; `too_many` answers 429; `not_let_in` answers 401; `not_there` answers 404 as a
server before the shop does; `nothing` answers an empty list. Set for all calls to come,
or for one by the header `Misbehave`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

_BEFORE: Final[dict[str, Callable[[], Response]]] = {  # the shop does nothing
    "not_let_in": lambda: JSONResponse({"message": "unauthorized"}, 401),
    "too_many": lambda: JSONResponse({"message": "slow down"}, 429, headers={"retry-after": "2"}),
    "error_before_effect": lambda: JSONResponse({"message": "try later"}, 503),
    "not_there": lambda: HTMLResponse("<h1>404 Not Found</h1>", 404),
    "nothing": lambda: JSONResponse([]),
}
WAYS: Final = frozenset({"slow", "error_after_effect", "drop", *_BEFORE})
Door = Callable[[Request], Awaitable[Response]]


@dataclass
class Behaviour:
    """How a simulator behaves, and what it was asked: (method, path) of each call."""

    ways: frozenset[str] = frozenset()
    slow_seconds: float = 30
    only: frozenset[tuple[str, str]] = frozenset()  # calls that go wrong, (method, path); none named: all
    calls: list[tuple[str, str]] = field(default_factory=list)

    def around(self, door: Door) -> Door:
        """Let a door misbehave as told."""

        async def answer(request: Request) -> Response:
            self.calls.append((request.method, request.url.path))
            own = request.headers.get("misbehave", "").replace(",", " ").split()
            meant = not self.only or (request.method, request.url.path) in self.only
            ways = ((self.ways if meant else frozenset()) | set(own)) & WAYS
            for way, refusal in _BEFORE.items():
                if way in ways:
                    return refusal()
            good = await door(request)
            if "slow" in ways:
                await asyncio.sleep(self.slow_seconds)
            if "error_after_effect" in ways:
                return JSONResponse({"message": "internal"}, 500)
            if "drop" in ways:
                return StreamingResponse(_broken(), headers={"content-length": "1000"})
            return good

        return answer


async def _broken() -> AsyncIterator[bytes]:
    """Begin an answer and break off."""
    yield b"{"
    raise ConnectionResetError
