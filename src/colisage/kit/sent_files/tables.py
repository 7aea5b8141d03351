"""What is kept of a file that somebody sent, and how its rows are read: the shape that every kind of file has."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Protocol

from django.db import models
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from colisage.kit.actors import Actor
from colisage.kit.tabular import ROW_REASONS

LEFT_OUT: Final[Mapping[str, Promise]] = {  # why a row counts as left out, whatever the file is of
    "set_aside": pgettext_lazy("row", "A person set it aside."),
    "nothing_said": _("This row holds nothing."),
    "settled_before": _("It was taken or set aside before, in the file in which it came back."),
    "stays_there": _("It is still wrong, and stays to be corrected in the file in which it came back."),
}


class ReadFile(models.Model):
    """A file that somebody sent, as far as it is the same whatever it is of. Who inherits has a merchant.

    `refused` and `ignored` count rows by the code of their reason. `resend` lists what is to be sent again as it is: of
    which reason, how far a worker has come, and who asked for it.
    """

    file_name = models.CharField(max_length=255)
    columns = models.JSONField(default=list)  # as in the file, to give the refused rows back
    delimiter = models.CharField(max_length=1, default=",")
    ignored = models.JSONField(default=dict)
    refused = models.JSONField(default=dict)
    corrected = models.IntegerField(default=0)  # rows that came back, and were taken when they were sent again here
    resend = models.JSONField(default=list)
    by_name = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True

    @property
    def refused_count(self) -> int:
        """Count the rows that came back and are still to be corrected."""
        return sum(self.refused.values())


class SentFile(ReadFile):
    """A file each row of which stands by itself."""

    saved = models.IntegerField(default=0)  # rows

    class Meta:
        abstract = True


class RowState(models.TextChoices):
    """How far a row that came back is."""

    OPEN = "open", _("to correct")
    CORRECTED = "corrected", _("corrected")
    ASIDE = "aside", pgettext_lazy("row", "set aside")


class RefusedRow(models.Model):
    """A row that could not be used: `raw` as it came, with the reason, and what became of it when it was sent again.

    Rows that belong together (those of one order) share the row with which they begin: they are corrected and sent
    together. A row that stands by itself begins with itself. Who inherits has a merchant, and the file as `run`.
    """

    number = models.IntegerField()
    first_row = models.IntegerField()
    reason = models.CharField(max_length=40)
    raw = models.JSONField()
    state = models.CharField(max_length=9, choices=RowState.choices, default=RowState.OPEN)
    cells = models.JSONField(null=True)  # as a person corrected them
    tries = models.IntegerField(default=0)  # how often somebody sent it again, or set it aside
    made_id = models.BigIntegerField(null=True)  # of what it became, or became part of
    done_by = models.JSONField(null=True)  # who sent it again or set it aside: kind, id, name
    settled_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "number"], name="%(class)s_once")]
        indexes: ClassVar = [
            models.Index(fields=["run", "state", "first_row"], name="%(class)s_state"),
            models.Index(fields=["run", "first_row"], name="%(class)s_whole"),
        ]


Kept = tuple[int, Sequence[str], str]  # a row as it is now: its line, its cells, and why it may not be read unseen


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a row that was read again; a refused one may begin something else than before (`first_row`)."""

    fate: Literal["taken", "cancelled", "ignored", "refused"]
    reason: str = ""
    made_id: int | None = None
    first_row: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of rows that belong together.

    `saved` (of an order: `accepted`), `duplicate` (it was here), `left` (there is nothing to send) or `refused`.
    `reasons` are the codes by row, of what is refused or not to be sent.
    """

    outcome: str
    made_id: int | None = None
    name: str = ""
    reasons: Mapping[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Taken:
    """Rows that belong together, and what became of each that the reader did not pass over."""

    sent: Sent
    fates: Mapping[int, Fate]
    made: int = 0  # what the file counts besides its rows, such as orders


# Which columns of a row its reason is about, given its cells and those of all rows that belong together; none where it
# is about the row as a whole.
Faults = Callable[[str, Mapping[str, str], Sequence[Mapping[str, str]]], Collection[str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the rows of one file are shown: its columns as they are known here, and those that name what a row is of."""

    columns: Sequence[str]
    names: Sequence[str]
    faults: Faults


class Taking(Protocol):
    """Takes rows of a file, those that belong together in one list each."""

    def __call__(self, run: Any, rows: Sequence[Sequence[Kept]], /, *, actor: Actor) -> list[Taken]:
        """Say of each list what became of it."""
        ...


def always(_run: Any) -> None:
    """Let any file be sent again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file: where it is kept, how its rows are read, and what takes them. `settings.COLISAGE_FILES` has all.

    `take` reads rows that belong together, takes what can be taken and says of all what became of them, in a constant
    number of statements. Where units that a file says twice add up, rows of a downloaded file are `marked`: sent again
    they are known. `count` adds to the file what is counted for this kind alone. `ready` raises where nothing
    can be sent again now. Rows of `unseen` reasons are sent again only when a person has looked at them.
    """

    name: str
    document: str  # what the audit calls the file
    files: type[ReadFile]
    rows: type[RefusedRow]
    reasons: Mapping[str, str | Promise]
    reading: Callable[[Any], Reading]
    take: Taking
    count: Callable[[Any, Iterable[Taken]], None]
    ready: Callable[[Any], None] = always
    unseen: Collection[str] = frozenset(ROW_REASONS)
    read: Mapping[str, Any] = field(default_factory=dict)  # what a file says of itself that was read to its end
    marked: bool = False
    beside: str = ""  # the reason of rows with which nothing is wrong, where some come back with others


def by_itself(rows: Sequence[Sequence[Kept]], became: Mapping[int, tuple[int | None, str]]) -> list[Taken]:
    """Say what became of rows each of which stands by itself, from what was made of each, or the reason it was not."""
    taken = []
    for [(number, _cells, _unseen)] in rows:
        made_id, reason = became.get(number, (None, "nothing_said"))
        if number not in became:
            taken.append(Taken(Sent("left", reasons={number: reason}), {number: Fate("ignored", reason)}))
        elif reason:
            taken.append(Taken(Sent("refused", reasons={number: reason}), {number: Fate("refused", reason)}))
        else:
            taken.append(Taken(Sent("saved", made_id), {number: Fate("taken", made_id=made_id)}))
    return taken


def count_saved(run: Any, taken: Iterable[Taken]) -> None:
    """Count the rows that were taken, of a file each row of which stands by itself."""
    run.saved += sum(fate.fate == "taken" for one in taken for fate in one.fates.values())


def storable(text: str) -> str:
    """Replace the one character the database cannot hold by the one that stands for the unreadable."""
    return text.replace("\0", "\ufffd")
