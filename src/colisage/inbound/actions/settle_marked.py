"""Rows of a downloaded file of rows to correct: each is settled where it came back, and taken once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction

from colisage.inbound.actions.take_rows import ANNOUNCEMENTS
from colisage.inbound.models import AnnouncementImport
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.kit.sent_files import Sent, Typed, mark_column, mark_read, send_rows
from colisage.kit.tabular import REASON_NAMES, Row, Table

MOST_FILES: Final = 20  # whose rows one file may hold: each costs statements of its own
TWICE: Final = "marked_twice"
OUTCOMES: Final[Mapping[str, str]] = {"saved": "", "refused": "stays_there", "left": "nothing_said"}


@transaction.atomic
def settle_marked(merchant_id: int, *, table: Table, actor: Actor) -> dict[int, str]:
    """Send rows that name where they came back; give what became of each by its line: "" taken, or a code why not.

    They are corrected as they would be on the screen: added to what the rows of their file that were right announced,
    once; one that is still wrong stays there. Rows that name nothing of this merchant are not in the answer: they are
    read like those of any file. The second of two that name the same row is `TWICE`.
    """
    rows, became = _marked(table)
    runs = AnnouncementImport.objects.filter(merchant_id=merchant_id, pk__in=rows).order_by("pk")[:MOST_FILES]
    for run in runs:
        places = _places(run.columns, table.headers)
        if places is None:
            continue
        typed = {n: Typed({n: [row.raw[at] if at >= 0 else "" for at in places]}) for n, row in rows[run.pk].items()}
        answers = send_rows(
            ANNOUNCEMENTS, list(typed), merchant_id=merchant_id, run_id=run.pk, actor=actor, typed=typed
        )
        for number, answer in answers.items():
            if not isinstance(answer, NotThere):
                became[rows[run.pk][number].number] = _outcome(answer)
    return became


def _outcome(answer: Sent | Refused) -> str:
    return OUTCOMES[answer.outcome] if isinstance(answer, Sent) else "settled_before"


def _marked(table: Table) -> tuple[dict[int, dict[int, Row]], dict[int, str]]:
    """Give the rows that name one that came back, by its file and its line there, and those that name it once more."""
    found: dict[int, dict[int, Row]] = defaultdict(dict)
    twice: dict[int, str] = {}
    at = mark_column(table.headers)
    for row in table if at is not None else ():
        mark = mark_read(row.raw[at or 0]) if isinstance(row, Row) else None
        if mark and isinstance(row, Row) and found[mark[0]].setdefault(mark[1], row) is not row:
            twice[row.number] = TWICE
    return found, twice


def _places(columns: Sequence[str], headers: Sequence[str]) -> list[int] | None:
    """Give where the columns of the first file stand in this one (-1: marks or reasons, which are not given back).

    None when one of them is not there any more.
    """
    at = {name: place for place, name in enumerate(headers)}
    places = [-1 if _of_ours(name) else at.get(name) for name in columns]
    return None if None in places else [place for place in places if place is not None]


def _of_ours(name: str) -> bool:
    return name in REASON_NAMES or mark_column([name]) is not None
