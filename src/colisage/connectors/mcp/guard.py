"""What keeps an assistant from doing more than it was shown: nothing is changed that was not rehearsed just before."""

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from colisage.connectors.mcp.doors import CONFIRM, things_in
from colisage.kit.terminal import either

GOOD_FOR_SECONDS: Final = 600.0


class NotAllowed(Exception):  # noqa: N818 -- an answer
    """The guard does not let a call through; the message says why and what to do."""


@dataclass
class Guard:
    """The limits of one session."""

    most_things: int = 100  # in one call
    most_writes: int = 200
    clock: Callable[[], float] = time.monotonic
    writes: int = 0
    _rehearsed: dict[str, tuple[str, float]] = field(default_factory=dict)

    def look(self, arguments: Mapping[str, Any]) -> None:
        """Refuse a call about too many things, or one too many."""
        things = things_in(arguments.get("body"))
        if things > self.most_things:
            raise NotAllowed(
                either(
                    f"{things} things in one call; at most {self.most_things}: make several calls.",
                    f"{things} choses en un appel ; au plus {self.most_things} : faites plusieurs appels.",
                )
            )
        if self.writes >= self.most_writes:
            raise NotAllowed(
                either(
                    f"This session has changed things {self.writes} times, as often as it may. Begin another.",
                    f"Cette session a fait {self.writes} modifications, autant qu’elle le peut. Ouvrez-en une autre.",
                )
            )

    def rehearsed(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Give the code with which this very call may be made in earnest, once, within ten minutes."""
        code = secrets.token_hex(4)
        self._rehearsed[code] = (_digest(name, arguments), self.clock() + GOOD_FOR_SECONDS)
        return code

    def confirm(self, name: str, arguments: Mapping[str, Any]) -> None:
        """Let a call through that was rehearsed, and count it."""
        wanted, until = self._rehearsed.get(str(arguments.get(CONFIRM)), ("", 0.0))
        if wanted != _digest(name, arguments) or until < self.clock():
            raise NotAllowed(
                either(
                    "This very call was not rehearsed in the last ten minutes. Make it without `confirm` first.",
                    "Cet appel précis n’a pas été répété ces dix dernières minutes. Faites-le d’abord sans `confirm`.",
                )
            )
        del self._rehearsed[str(arguments[CONFIRM])]
        self.writes += 1


def _digest(name: str, arguments: Mapping[str, Any]) -> str:
    meant = {key: value for key, value in arguments.items() if key != CONFIRM}
    return hashlib.sha256(json.dumps([name, meant], sort_keys=True).encode()).hexdigest()
