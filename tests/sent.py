"""What a connection sends to the server, as the library of the database writes it down."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

# What goes to the server: a text by itself; a name and the text it is prepared for; a name that is executed; and the
# sign behind which answers are waited for.
_SAID = re.compile(
    r'^F\t\d+\t(?:Query\t "(.*?)"$|Parse\t "(.*?)" "(.*?)" \d+$|Bind\t "" "(.*?)" |(Sync)$)',
    re.MULTILINE | re.DOTALL,
)


class Sent:
    """What a connection sent so far."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def messages(self) -> list[list[str]]:
        """Give the statements between one answer that was waited for and the next; the last may still be open.

        Statements are given by the name under which they were prepared, or else by their text.
        """
        found: list[list[str]] = [[]]
        unnamed = ""
        for query, name, text, executed, sync in _SAID.findall(self._file.read_text()):
            if query:
                found[-1].append(query)
            elif text:
                unnamed = unnamed if name else text
            elif not sync:
                found[-1].append(executed or unnamed)
            if query or sync:
                found.append([])
        return found if found[-1] else found[:-1]

    @property
    def statements(self) -> list[str]:
        """Give all statements."""
        return [statement for message in self.messages for statement in message]

    @property
    def prepared(self) -> list[str]:
        """Give the names of the statements that were prepared."""
        return [name for _, name, *_ in _SAID.findall(self._file.read_text()) if name]


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
