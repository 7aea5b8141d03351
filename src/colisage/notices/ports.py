"""Who carries webhook calls out of the house, in our words; named by `settings.COLISAGE_COURIER`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """A call to be made: POST this body to this address."""

    id: int
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call. Without a status nobody answered, or nothing was sent.

    `why` is then silent, unreachable, private, barred or unsigned; `said` tells it in the words of a machine.
    """

    id: int
    status: int | None
    said: str
    took_ms: int
    retry_after: int | None = None  # seconds, when the receiver asks for it
    why: str = ""


class Courier(Protocol):
    """Who makes calls, many at once; it never repeats one, follows no redirect and goes to no private address."""

    def carry(self, letters: Sequence[Letter], *, inside: bool) -> list[Answer]:
        """Make the calls and give the answer to each. `inside` allows private addresses."""
        ...
