"""What the outside must satisfy: readers of RFID tags, and what later steps know of a lot."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from django.utils.translation import gettext

LONGEST_PLACE: Final = 40


@dataclass(frozen=True, slots=True)
class Saying:
    """What a worker hears from a reader, to be read later in anybody's language: an English sentence and its places."""

    sentence: str
    places: Mapping[str, str] = field(default_factory=dict)

    def kept(self) -> str:
        """Write it for the database."""
        places = {name: value[:LONGEST_PLACE] for name, value in self.places.items()}
        return json.dumps([self.sentence, places], ensure_ascii=False) if self.places else json.dumps([self.sentence])


def said(kept: str) -> str:
    """Say what was kept in the language of the one who reads; what was never a saying is said as it stands."""
    try:
        sentence, *places = json.loads(kept)
        return gettext(sentence) % places[0] if places else gettext(sentence)
    except (ValueError, TypeError, KeyError):
        return kept


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
