"""Tables that people sent, and the rows that came back: kept as they came until they are corrected and sent again.

An app has a table of each, with its merchant, its wall and its reasons, and says in a `Kind` how its rows are read and
what takes them. What is done with them is done here, for every kind alike (decision 0044).
"""

from colisage.kit.sent_files.keeping import (
    Returned,
    begin_file,
    file_of,
    files_of,
    files_to_correct,
    keep_refused,
    refused_of,
)
from colisage.kit.sent_files.marking import mark_column, mark_header, mark_read, marked
from colisage.kit.sent_files.sending import NothingLeft, RowsAside, RowsChanged, RowsCorrected, Typed, send_rows
from colisage.kit.sent_files.settling import (
    Resent,
    kind_called,
    kinds,
    resent_of,
    runs_with_waiting_rows,
    send_rows_later,
    send_waiting_rows,
    set_rows_aside,
)
from colisage.kit.sent_files.showing import Opened, OpenedRow, SentBack, SentBackRow, first_row_of, opened, sent_back
from colisage.kit.sent_files.tables import (
    LEFT_OUT,
    Fate,
    Kept,
    Kind,
    ReadFile,
    Reading,
    RefusedRow,
    RowState,
    Sent,
    SentFile,
    Taken,
    by_itself,
    count_saved,
)

__all__ = [
    "LEFT_OUT",
    "Fate",
    "Kept",
    "Kind",
    "NothingLeft",
    "Opened",
    "OpenedRow",
    "ReadFile",
    "Reading",
    "RefusedRow",
    "Resent",
    "Returned",
    "RowState",
    "RowsAside",
    "RowsChanged",
    "RowsCorrected",
    "Sent",
    "SentBack",
    "SentBackRow",
    "SentFile",
    "Taken",
    "Typed",
    "begin_file",
    "by_itself",
    "count_saved",
    "file_of",
    "files_of",
    "files_to_correct",
    "first_row_of",
    "keep_refused",
    "kind_called",
    "kinds",
    "mark_column",
    "mark_header",
    "mark_read",
    "marked",
    "opened",
    "refused_of",
    "resent_of",
    "runs_with_waiting_rows",
    "send_rows",
    "send_rows_later",
    "send_waiting_rows",
    "sent_back",
    "set_rows_aside",
]
