"""How many requests one sender may make: a bucket of tokens in each process, and a count that the processes share.

Taking a token costs no statement. About once a second a process writes how many it gave a sender, reads how many all
processes gave, and takes those of the others out of its own bucket: together they keep to the rate, a second late.
"""

import threading
import time
from dataclasses import dataclass
from math import ceil
from typing import Final

from django.utils.translation import ngettext_lazy

from colisage.kit.errors import Refused
from colisage.kit.statements import ask

WINDOW_SECONDS: Final = 10
_MOST_SENDERS: Final = 10_000


class TooMany(Refused):
    """A sender made more requests than it may; `retry_after` seconds later it may again."""

    code = "too_many_requests"
    status = 429

    def __init__(self, seconds: float) -> None:
        self.retry_after = max(1, ceil(seconds))
        said = ngettext_lazy(
            "Too many requests. Wait %(seconds)s second, then go on.",
            "Too many requests. Wait %(seconds)s seconds, then go on.",
            self.retry_after,
        )
        super().__init__(said, seconds=self.retry_after)


@dataclass(slots=True)
class _Use:
    tokens: float
    at: float
    shared_at: float
    untold: int = 0  # given since the others were told
    window: int = 0
    mine: int = 0  # told in this window
    others: int = 0


class Meter:
    """Give so many tokens a second to each sender, and at most `burst` at once after a rest.

    Every `shared_seconds` the processes tell each other; without it they never do.
    """

    def __init__(self, *, per_second: float, burst: float, shared_seconds: float | None = 1.0) -> None:
        self.per_second, self.burst, self.shared_seconds = per_second, burst, shared_seconds
        self._uses: dict[str, _Use] = {}
        self._lock = threading.Lock()

    def take(self, owner: str) -> float:
        """Take a token; give 0, or the seconds to wait when there is none."""
        now = time.monotonic()
        with self._lock:
            use = self._uses.get(owner)
            if use is None:
                if len(self._uses) >= _MOST_SENDERS:
                    self._uses.clear()
                use = self._uses[owner] = _Use(self.burst, now, now - (self.shared_seconds or 0))
            use.tokens = min(self.burst, use.tokens + (now - use.at) * self.per_second)
            use.at = now
            if use.tokens < 1:
                return (1 - use.tokens) / self.per_second
            use.tokens -= 1
            use.untold += 1
            return 0.0

    def is_due(self, owner: str) -> bool:
        """Say whether it is time to tell the other processes."""
        use = self._uses.get(owner)
        if use is None or use.untold == 0 or self.shared_seconds is None:
            return False
        return time.monotonic() - use.shared_at >= self.shared_seconds

    def share(self, owner: str) -> None:
        """Tell the other processes what was given here, and hear what they gave; one statement."""
        window = int(time.time()) // WINDOW_SECONDS
        with self._lock:
            use = self._uses.get(owner)
            if use is None:
                return
            told, use.untold, use.shared_at = use.untold, 0, time.monotonic()
        [(total,)] = ask("kit", "note_use", [owner, window, told])
        with self._lock:
            if use.window != window:
                use.window, use.mine, use.others = window, 0, 0
            use.mine += told
            others = max(total - use.mine, use.others)
            use.tokens, use.others = use.tokens - (others - use.others), others

    def pass_or_refuse(self, owner: str) -> None:
        """Take a token, and share when it is time; raise `TooMany` when there is none."""
        waiting = self.take(owner)
        if self.is_due(owner):
            self.share(owner)
        if waiting:
            raise TooMany(waiting)
