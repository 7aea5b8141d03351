"""How the simulators of outside systems misbehave on demand: the ways are the same for all of them.

`slow` answers late; `error_before_effect` answers 503 and does nothing; `error_after_effect` does it and answers 500;
`drop` does it and breaks the connection; `too_many` answers 429; `not_let_in` answers 401. Set for all calls to come,
or for one by the header `Misbehave`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

WAYS: Final = frozenset({"slow", "error_before_effect", "error_after_effect", "drop", "too_many", "not_let_in"})
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
            if "not_let_in" in ways:
                return JSONResponse({"message": "unauthorized"}, 401)
            if "too_many" in ways:
                return JSONResponse({"message": "slow down"}, 429, headers={"retry-after": "2"})
            if "error_before_effect" in ways:
                return JSONResponse({"message": "try later"}, 503)
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
