"""What a connection sends to the server, as the library of the database writes it down."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


class Sent:
    """The messages of a connection so far."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def statements(self) -> list[str]:
        """Give the text of each message with statements, or the name of what was prepared before."""
        return re.findall(r"^F\t\d+\t(?:Query|Bind)\t (.*)$", self._file.read_text(), re.MULTILINE)


@contextmanager
def sent_to(file: Path) -> Iterator[Sent]:
    """Write down in a file what the connection of this thread sends."""
    connection.ensure_connection()
    line = connection.connection.pgconn
    with file.open("wb", buffering=0) as trace:
        line.trace(trace.fileno())
        line.set_trace_flags(1)  # without times
        try:
            yield Sent(file)
        finally:
            line.untrace()
