"""What the outside must satisfy: readers of RFID tags, and what later steps know of a lot."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from django.utils.translation import gettext

LONGEST_PLACE: Final = 40
LONGEST_DETAIL: Final = 70  # with every sign escaped it still fits the column


@dataclass(frozen=True, slots=True)
class Saying:
    """What a worker hears from a reader, to be read later in anybody's language: an English sentence and its places.

    `detail` is what a library said, for support.
    """

    sentence: str
    places: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""

    def kept(self) -> str:
        """Write it for the database."""
        places = {name: value[:LONGEST_PLACE] for name, value in self.places.items()}
        told: list[Any] = [self.sentence, places, self.detail[:LONGEST_DETAIL]]
        while len(told) > 1 and not told[-1]:
            told.pop()
        return json.dumps(told, ensure_ascii=False)


def said(kept: str) -> str:
    """Say what was kept in the language of the one who reads; what was never a saying is said as it stands."""
    try:
        sentence, *rest = json.loads(kept)
        return gettext(sentence) % rest[0] if rest and rest[0] else gettext(sentence)
    except (ValueError, TypeError, KeyError):
        return kept


def detail_of(kept: str) -> str:
    """Give what a library said besides, for support; nothing where nothing was kept."""
    try:
        return str([*json.loads(kept), "", ""][2])
    except (ValueError, TypeError):
        return ""


class ReaderSilent(Exception):  # noqa: N818 -- an ordinary answer of a reader that is off, busy or far away
    """The reader did not answer, or the connection was lost; the saying is for people."""

    def __init__(self, saying: Saying) -> None:
        super().__init__(saying.sentence)
        self.saying = saying


class TagReaderPort(Protocol):
    """A reader of RFID tags in the house, spoken to by a worker."""

    def ask(self, host: str, *, port: int) -> Saying:
        """Give what the reader says of itself; raises `ReaderSilent`."""

    def read(self, host: str, *, port: int, seconds: float) -> Sequence[str]:
        """Give the EPCs seen within some seconds, in hex, as often as they were seen; raises `ReaderSilent`."""


@dataclass(frozen=True, slots=True)
class LotFinding:
    """What somebody found on units of a lot: which list was answered, what was wrong, and how many units failed.

    `answers` are (question, answer, whether it is right), as they were on that day.
    """

    at: datetime
    by_name: str
    title: str
    passed: bool
    failed_units: int
    units: int  # that came with it
    answers: tuple[tuple[str, str, bool], ...] = ()
    note: str = ""
    url: str = ""  # the page of the document


class LotFindings(Protocol):
    """Gives what a later step found on a lot; named by `settings.COLISAGE_LOT_FINDINGS`."""

    def __call__(self, merchant_ids: Collection[int], *, lot_id: int) -> Sequence[LotFinding]:
        """Give findings, the latest first; none for a lot of others."""
