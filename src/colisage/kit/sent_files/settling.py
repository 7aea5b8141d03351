"""Rows set aside and taken up again, and all rows of a file sent again by a worker, piece by piece."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.kit.sent_files.keeping import rows_in
from colisage.kit.sent_files.sending import asked, said_of, send_rows, settle, settled_row
from colisage.kit.sent_files.tables import Kind
from colisage.kit.statements import statement

PIECE: Final = 1_000  # of what belongs together, such as orders
PIECE_ROWS: Final = 2_000
PIECE_CHARACTERS: Final = 4_000_000  # rows may be wide: what is held at once does not grow with the file


def kinds() -> list[str]:
    """Give the names of the kinds of files there are."""
    return list(settings.COLISAGE_FILES)


def kind_called(name: str) -> Kind:
    """Find a kind of file by its name."""
    found: Kind = import_string(settings.COLISAGE_FILES[name])
    return found


@transaction.atomic
def set_rows_aside(
    kind: Kind, first_rows: Collection[int], *, merchant_id: int, run_id: int, back: bool = False, actor: Actor
) -> set[int]:
    """Say that rows of a file, by what they begin with, are not to be sent; give those that it changed.

    They count as left out. With `back` they are taken up again. Raises `NotThere`.
    """
    if not rows_in(kind.files, merchant_id=merchant_id, pk=run_id).exists():
        raise NotThere
    found = rows_in(
        kind.rows,
        merchant_id=merchant_id,
        run=run_id,
        first_row__in=list(first_rows),
        state="aside" if back else "open",
    )
    rows = list(found.select_for_update(no_key=True).order_by("number"))
    if not rows:
        return set()
    run = rows_in(kind.files).select_for_update(no_key=True).get(pk=run_id)
    reasons, aside = Counter(row.reason for row in rows), Counter({"set_aside": len(rows)})
    refused, ignored = Counter(run.refused), Counter(run.ignored)
    run.refused, run.ignored = (
        (dict(refused + reasons), dict(ignored - aside)) if back else (dict(refused - reasons), dict(ignored + aside))
    )
    run.save(update_fields=["refused", "ignored"])
    state = "open" if back else "aside"
    settle(kind, (settled_row(row, state, row.reason, begins=row.first_row) for row in rows), actor=actor)
    verb = "rows_taken_up" if back else "rows_set_aside"
    record_deeds([Deed(kind.document, run_id, verb, {"rows": len(rows)}, merchant_id=merchant_id)], actor=actor)
    return {row.first_row for row in rows}


@transaction.atomic
def send_rows_later(kind: Kind, *, merchant_id: int, run_id: int, reason: str = "", actor: Actor) -> int:
    """Ask for all rows of a file that came back to be sent again as they are; give how many.

    With `reason` those of which a row came back for it. The rows themselves are not touched: to mark them took as long
    as to write them anew. Asked for twice, it is done once. Raises `NotThere`, and what the kind raises where nothing
    can be sent now.
    """
    run: Any = rows_in(kind.files, merchant_id=merchant_id, pk=run_id).select_for_update(no_key=True).first()
    if run is None:
        raise NotThere
    kind.ready(run)
    count: int = run.refused.get(reason, 0) if reason else run.refused_count
    if not count or any(one["reason"] == reason and not one["after"] for one in run.resend):
        return count
    run.resend = [*run.resend, {"reason": reason, "after": 0, "done": 0, "rows": count, "by": said_of(actor)}]
    run.save(update_fields=["resend"])
    deed = Deed(kind.document, run_id, "rows_to_send_again", {"rows": count, "reason": reason}, merchant_id=merchant_id)
    record_deeds([deed], actor=actor)
    app.configure_task("kit.send_rows", queue="files").defer(kind=kind.name, run_id=run_id)
    return count


def send_waiting_rows(kind: Kind, run_id: int) -> int:
    """Do what was asked for, in pieces of a thousand, each one transaction that also notes how far it came.

    Gives how many were sent; rows of one order count once. Cut off, it goes on where it was; while another worker does
    it, it does nothing. What somebody has corrected meanwhile is passed over.
    """
    count = 0
    while (sent := _piece(kind, run_id)) is not None:
        count += sent
    return count


def runs_with_waiting_rows(kind: Kind) -> list[int]:
    """Give the files of which rows are to be sent again, of every merchant: a question of the workers."""
    return sorted(rows_in(kind.files).exclude(resend=[]).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Resent:
    """How far a worker is with what it sends again; false where there is nothing to send."""

    done: int
    rows: int

    def __bool__(self) -> bool:
        return self.rows > 0

    @property
    def left(self) -> int:
        """Count what is still to be sent."""
        return max(self.rows - self.done, 0)


def resent_of(run: Any) -> Resent:
    """Say how far a worker is with the rows of a file that are sent again."""
    return Resent(sum(one["done"] for one in run.resend), sum(one["rows"] for one in run.resend))


@transaction.atomic
def _piece(kind: Kind, run_id: int) -> int | None:
    """Send the next piece; give how many there were, None when there is nothing to do."""
    if not _alone(kind, run_id):
        return None
    run: Any = rows_in(kind.files, pk=run_id).first()
    if run is None or not run.resend:
        return None
    task, *others = run.resend
    piece, rows = _next(kind, run, task)
    try:
        answers = {}
        if piece:
            with transaction.atomic():
                by = Actor(**task["by"])
                answers = send_rows(kind, piece, merchant_id=run.merchant_id, run_id=run_id, actor=by)
    except Refused:  # nothing can be sent at all, as when a channel is switched off
        piece = []
    # Who asked for more meanwhile waits for the lock of the file, which the rows of the piece are locked before.
    run = rows_in(kind.files).select_for_update(no_key=True).get(pk=run_id)
    others = run.resend[1:]
    run.resend = [{**task, "after": piece[-1], "done": task["done"] + rows}, *others] if piece else others
    run.save(update_fields=["resend"])
    return len(answers)


def _alone(kind: Kind, run_id: int) -> bool:
    """Say whether no other worker sends rows of this file; none does until the end of the transaction."""
    with connection.cursor() as db:
        db.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s), %s::int)", [f"rows of {kind.name}", run_id % 2**31])
        (alone,) = db.fetchone()
    return bool(alone)


def _next(kind: Kind, run: Any, task: dict[str, Any]) -> tuple[list[int], int]:
    """Give what comes next, no more than is held at once, and how many of its rows were asked for."""
    found = asked(
        kind,
        statement("kit", "rows_to_send"),
        {
            "merchant": run.merchant_id, "run": run.pk, "after": task["after"], "reason": task["reason"], "most": PIECE,
        },
    )  # fmt: skip
    piece: list[int] = []
    held_rows = held = wanted = 0
    for first_row, rows, characters, for_it in found:
        if piece and (held_rows + rows > PIECE_ROWS or held + characters > PIECE_CHARACTERS):
            break
        piece.append(first_row)
        held_rows, held, wanted = held_rows + rows, held + characters, wanted + for_it
    return piece, wanted
