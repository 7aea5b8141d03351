"""What the outside must satisfy: readers of RFID tags."""

from collections.abc import Sequence
from typing import Protocol


class ReaderSilent(Exception):  # noqa: N818 -- an ordinary answer of a reader that is off, busy or far away
    """The reader did not answer, or the connection was lost; the text is for people."""


class TagReaderPort(Protocol):
    """A reader of RFID tags in the house, spoken to by a worker."""

    def ask(self, host: str, *, port: int) -> str:
        """Give what the reader says of itself; raises `ReaderSilent`."""

    def read(self, host: str, *, port: int, seconds: float) -> Sequence[str]:
        """Give the EPCs seen within some seconds, in hex, as often as they were seen; raises `ReaderSilent`."""
