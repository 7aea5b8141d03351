"""Rows that came back, sent again: as somebody corrected them, or as they are, since what was missing is there now."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.sent_files.keeping import rows_in
from colisage.kit.sent_files.tables import Fate, Kept, Kind, RefusedRow, Sent, Taken, storable
from colisage.kit.statements import rows as as_json
from colisage.kit.statements import statement

PASSED_OVER: Final = Fate("ignored", "nothing_said")  # rows that hold nothing, or the names of columns once more


class RowsCorrected(Refused):
    """Somebody was faster."""

    code = "rows_corrected"
    text = _("%(who)s has corrected these rows already: nothing was sent a second time.")


class RowsAside(Refused):
    """Somebody said that they are not to be sent."""

    code = "rows_set_aside"
    text = _("%(who)s has set these rows aside: they are not sent. Take them up again first.")


class RowsChanged(Refused):
    """Somebody typed something else meanwhile."""

    code = "rows_changed"
    text = _("%(who)s has changed these rows since you opened them. What you typed is below: look, then send it again.")


class NothingLeft(Malformed):
    """All rows are left out."""

    code = "nothing_left"
    text = _("All these rows are left out. Put them aside if they are not to be sent.")


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed in rows that belong together, by their lines in the file, and which of them are left out.

    `seen` is how often they had been sent again when they were shown; None where that does not matter.
    """

    cells: Mapping[int, Sequence[str]] = field(default_factory=dict)
    left_out: Collection[int] = ()
    seen: int | None = None


@dataclass(slots=True)
class _Together:
    """Rows that belong together, on their way."""

    rows: list[RefusedRow]
    left_out: set[int]
    taken: Taken | None = None

    def read(self, kind: Kind) -> list[Kept]:
        return [
            (row.number, row.cells or row.raw, row.reason if row.cells is None and row.reason in kind.unseen else "")
            for row in self.rows
            if row.number not in self.left_out
        ]


@transaction.atomic
def send_rows(
    kind: Kind,
    first_rows: Collection[int],
    *,
    merchant_id: int,
    run_id: int,
    actor: Actor,
    typed: Mapping[int, Typed] | None = None,
) -> dict[int, Sent | Refused]:
    """Send rows of a file that came back again, each with what belongs to it, by the row that begins with.

    They are read as the file was, by the same columns and options, and taken like rows of any file. What is taken is
    marked and counted as such; what is refused again keeps its new reason and what was typed. Rows that somebody else
    has settled or changed meanwhile are refused by themselves (`RowsCorrected`, `RowsAside`, `RowsChanged`). Raises
    `NotThere`, and what the kind raises where nothing can be sent now. Constant number of statements.
    """
    run: Any = rows_in(kind.files, merchant_id=merchant_id, pk=run_id).first()
    if run is None:
        raise NotThere
    kind.ready(run)
    found = _locked(kind, run, first_rows)
    answers: dict[int, Sent | Refused] = {}
    sent: dict[int, _Together] = {}
    for first_row in first_rows:
        said = (typed or {}).get(first_row, Typed())
        refusal = _refusal(found.get(first_row, []), said)
        if refusal:
            answers[first_row] = refusal
            continue
        together = _with_typed(kind, [row for row in found[first_row] if row.state == "open"], said)
        if len(together.left_out) < len(together.rows):
            sent[first_row] = together
        else:
            answers[first_row] = NothingLeft()
    if sent:
        became = kind.take(run, [one.read(kind) for one in sent.values()], actor=actor)
        for together, taken in zip(sent.values(), became, strict=True):
            together.taken = taken
    answers |= {first_row: one.taken.sent for first_row, one in sent.items() if one.taken}
    if sent:
        _write(kind, run, sent, actor=actor)
        _tell(kind, run, sent, typed=bool(typed), actor=actor)
    return {first_row: answers[first_row] for first_row in first_rows}


def _locked(kind: Kind, run: Any, first_rows: Collection[int]) -> dict[int, list[RefusedRow]]:
    rows = rows_in(kind.rows, merchant_id=run.merchant_id, run=run, first_row__in=list(first_rows))
    found: dict[int, list[RefusedRow]] = defaultdict(list)
    for row in rows.select_for_update(no_key=True).order_by("number"):
        found[row.first_row].append(row)
    return found


def _refusal(rows: Sequence[RefusedRow], said: Typed) -> Refused | None:
    if not rows:
        return NotThere()
    sent = [row for row in rows if row.state == "open"]
    numbers = {row.number for row in sent}
    who = next((row.done_by["name"] for row in rows if row.done_by), "")
    if sent and said.seen not in {None, sum(row.tries for row in sent)}:
        return RowsChanged(who=who)
    if sent:
        return None if numbers >= {*said.cells, *said.left_out} else NotThere()
    return RowsCorrected(who=who) if any(row.state == "corrected" for row in rows) else RowsAside(who=who)


def _with_typed(kind: Kind, rows: list[RefusedRow], said: Typed) -> _Together:
    """Put what was typed into rows. One shown and sent as it was counts as looked at, whatever had kept it back."""
    left_out = {row.number for row in rows if row.number in said.left_out}
    for row in rows:
        if (cells := said.cells.get(row.number)) is None:
            continue
        kept = [storable(cell) for cell in cells]
        if kept != (row.cells or row.raw) or row.reason in kind.unseen:
            row.cells = kept
        if not any(cell.strip() for cell in kept):
            left_out.add(row.number)
    return _Together(rows, left_out)


def _write(kind: Kind, run: Any, sent: Mapping[int, _Together], *, actor: Actor) -> None:
    """Settle the rows and count them anew: the fates of a file's rows still add up to its rows."""
    run = rows_in(kind.files).select_for_update(no_key=True).get(pk=run.pk)
    refused, ignored = Counter(run.refused), Counter(run.ignored)
    settled = []
    for first_row, together in sent.items():
        fates = together.taken.fates if together.taken else {}
        begun = {fate.first_row or number for number, fate in fates.items() if fate.fate == "refused"}
        for row in together.rows:
            fate = fates.get(row.number, PASSED_OVER)
            refused[row.reason] -= 1
            state, reason, begins, made_id = "corrected", row.reason, first_row, fate.made_id
            if row.number in together.left_out:
                state, made_id = "aside", None
                ignored["set_aside"] += 1
            elif fate.fate == "refused":
                state, reason = "open", fate.reason
                begins = first_row if len(begun) == 1 else fate.first_row or row.number
                refused[reason] += 1
            elif fate.fate == "ignored":
                ignored[fate.reason] += 1
            run.corrected += state == "corrected"
            settled.append(settled_row(row, state, reason, begins=begins, made_id=made_id))
    run.refused, run.ignored = dict(+refused), dict(+ignored)
    kind.count(run, [one.taken for one in sent.values() if one.taken])
    run.save()
    settle(kind, settled, actor=actor)


def settled_row(
    row: RefusedRow, state: str, reason: str, *, begins: int, made_id: int | None = None
) -> dict[str, object]:
    """Write down what became of a row, as `settle` takes it."""
    return {
        "id": row.pk, "state": state, "reason": reason, "cells": row.cells, "first_row": begins, "made_id": made_id,
    }  # fmt: skip


def settle(kind: Kind, settled: Iterable[Mapping[str, object]], *, actor: Actor) -> None:
    """Write what became of rows, by their ids, and who did it; one statement."""
    asked(kind, statement("kit", "settle_rows"), {"rows": as_json(settled), "by": as_json([said_of(actor)])})


def asked(kind: Kind, text: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement on the refused rows of a kind of file, and give its rows."""
    table = connection.ops.quote_name(kind.rows._meta.db_table)  # noqa: SLF001 -- the documented way to the table
    with connection.cursor() as db:
        db.execute(text.replace("{rows}", table), params)
        return db.fetchall() if db.description else []


def said_of(actor: Actor) -> dict[str, object]:
    """Give who did something as rows keep it."""
    return {"kind": actor.kind, "id": actor.id, "name": str(actor)}


def _tell(kind: Kind, run: Any, sent: Mapping[int, _Together], *, typed: bool, actor: Actor) -> None:
    """Write it down: all that a person corrected, and the sum of what was sent again as it was."""
    became = {first_row: one.taken.sent for first_row, one in sent.items() if one.taken}
    if typed:
        deeds = [
            Deed(
                kind.document, run.pk, "rows_corrected", merchant_id=run.merchant_id,
                data={"row": first_row, "rows": len(sent[first_row].rows), "outcome": one.outcome, "made": one.made_id},
            )
            for first_row, one in became.items()
        ]  # fmt: skip
    else:
        outcomes = Counter(one.outcome for one in became.values())
        deeds = [Deed(kind.document, run.pk, "rows_sent_again", dict(outcomes), merchant_id=run.merchant_id)]
    record_deeds(deeds, actor=actor)
