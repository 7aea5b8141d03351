"""Rows that came back, sent again: as somebody corrected them, or as they are, since what was missing is there now."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.intake.actions.accept_orders import Incoming, Verdict, accept_orders
from colisage.intake.actions.run_import import channel_of
from colisage.intake.models import ImportRun, RefusedRow
from colisage.intake.ports import OrderDraft, RowFate
from colisage.intake.queries.rows import read_again
from colisage.intake.rules.fates import fates_of
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.statements import perform
from colisage.kit.statements import rows as as_json
from colisage.kit.tabular import ROW_REASONS


class RowsCorrected(Refused):
    """Somebody was faster."""

    code = "rows_corrected"
    text = _("%(who)s has corrected these rows already: nothing was sent a second time.")


class RowsAside(Refused):
    """Somebody said that they are not to be sent."""

    code = "rows_set_aside"
    text = _("%(who)s has set these rows aside: they are not sent. Take them up again first.")


class RowsBeingRead(Refused):
    """A worker reads them."""

    code = "rows_being_read"
    text = _("These rows are being read again at this moment.")


class RowsChanged(Refused):
    """Somebody typed something else meanwhile."""

    code = "rows_changed"
    text = _("%(who)s has changed these rows since you opened them. What you typed is below: look, then send it again.")


class NothingLeft(Malformed):
    """All rows are left out."""

    code = "nothing_left"
    text = _("All rows of this order are left out. Set it aside if it is not to be sent.")


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed in rows of an order, by their lines in the file, and which rows are left out of it.

    `seen` is how often its rows had been sent again when they were shown; None where that does not matter.
    """

    cells: Mapping[int, Sequence[str]] = field(default_factory=dict)
    left_out: Collection[int] = ()
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of an order: `accepted`, `duplicate` (it was here), `left` (there is nothing to send) or `refused`.

    `reasons` are the codes by row, of a refused order or one that is not to be sent.
    """

    outcome: str
    order_id: int | None = None
    number: str = ""
    reasons: Mapping[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Order:
    """Rows of one order on their way, and what becomes of each: a fate, or the id of the order it is a line of."""

    rows: list[RefusedRow]
    left_out: set[int]
    drafts: list[OrderDraft] = field(default_factory=list)
    fates: dict[int, RowFate] = field(default_factory=dict)
    lines: dict[int, int | None] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def read(self) -> list[RefusedRow]:
        return [row for row in self.rows if row.number not in self.left_out]


@transaction.atomic
def send_rows(
    merchant_id: int,
    order_rows: Collection[int],
    *,
    run_id: int,
    actor: Actor,
    typed: Mapping[int, Typed] | None = None,
    state: str = "open",
) -> dict[int, Sent | Refused]:
    """Send orders of a file that came back again, each by the row it begins with; say what became of each.

    They are read as the file was, by the same format, columns and options, and accepted like orders from anywhere
    else. What is taken is marked and counted as such; what is refused again keeps its new reason and what was typed.
    Rows that somebody else has settled or changed meanwhile are refused by themselves (`RowsCorrected`, `RowsAside`,
    `RowsBeingRead`, `RowsChanged`). Raises `NotThere` and `ChannelClosed`. Constant number of statements.
    """
    run = ImportRun.objects.filter(merchant_id=merchant_id, pk=run_id).first()
    if run is None:
        raise NotThere
    channel = channel_of(run)
    found = _locked(run, order_rows)
    answers: dict[int, Sent | Refused] = {}
    orders: dict[int, _Order] = {}
    for order_row in order_rows:
        said = (typed or {}).get(order_row, Typed())
        refusal = _refusal(found.get(order_row, []), said, state=state)
        if refusal:
            answers[order_row] = refusal
            continue
        order = _with_typed([row for row in found[order_row] if row.state == state], said)
        if order.read:
            orders[order_row] = order
        else:
            answers[order_row] = NothingLeft()
    _read(run, orders.values())
    incoming = [(order, draft) for order in orders.values() for draft in order.drafts]
    verdicts = accept_orders(
        [Incoming(channel, draft) for _order, draft in incoming],
        actor=actor,
        quiet=bool(run.options.get("history")),
        reserves=run.options.get("opening_stock", "ample") != "none",
    )
    for (order, draft), verdict in zip(incoming, verdicts, strict=True):
        _judged(order, draft, verdict)
    answers |= {order_row: _answer(order) for order_row, order in orders.items()}
    if orders:
        _write(run, orders, actor=actor)
        _tell(run, orders, answers, typed=bool(typed), actor=actor)
    return {order_row: answers[order_row] for order_row in order_rows}


def _locked(run: ImportRun, order_rows: Collection[int]) -> dict[int, list[RefusedRow]]:
    rows = RefusedRow.objects.select_for_update(no_key=True).filter(
        merchant_id=run.merchant_id, run_id=run.pk, order_row__in=order_rows
    )
    found: dict[int, list[RefusedRow]] = defaultdict(list)
    for row in rows.order_by("number"):
        found[row.order_row].append(row)
    return found


def _refusal(rows: Sequence[RefusedRow], said: Typed, *, state: str) -> Refused | None:
    if not rows:
        return NotThere()
    sent = [row for row in rows if row.state == state]
    numbers = {row.number for row in sent}
    who = next((row.done_by["name"] for row in rows if row.done_by), "")
    if sent and said.seen not in {None, sum(row.tries for row in sent)}:
        return RowsChanged(who=who)
    if sent:
        return None if numbers >= {*said.cells, *said.left_out} else NotThere()
    states = {row.state for row in rows}
    if "waiting" in states:
        return RowsBeingRead()
    return RowsCorrected(who=who) if "corrected" in states else RowsAside(who=who)


def _with_typed(rows: list[RefusedRow], said: Typed) -> _Order:
    """Put what was typed into rows. One shown and sent as it was counts as looked at, whatever made it unreadable."""
    left_out = {row.number for row in rows if row.number in said.left_out}
    for row in rows:
        if (cells := said.cells.get(row.number)) is None:
            continue
        kept = [cell.replace("\0", "\ufffd") for cell in cells]
        if kept != (row.cells or row.raw) or row.reason in ROW_REASONS:
            row.cells = kept
        if not any(cell.strip() for cell in kept):
            left_out.add(row.number)
    return _Order(rows, left_out)


def _read(run: ImportRun, orders: Collection[_Order]) -> None:
    asked = [
        [
            (row.number, row.cells or row.raw, row.reason if row.cells is None and row.reason in ROW_REASONS else "")
            for row in order.read
        ]
        for order in orders
    ]
    for order, outcomes in zip(orders, read_again(run, orders=asked), strict=True):
        order.drafts = [one for one in outcomes if isinstance(one, OrderDraft)]
        order.fates = {one.number: one for one in outcomes if isinstance(one, RowFate)}


def _judged(order: _Order, draft: OrderDraft, verdict: Verdict) -> None:
    order.verdicts.append(verdict)
    if verdict.outcome == "accepted":
        order.lines |= dict.fromkeys(draft.source_rows, verdict.order_id)
    for fate in fates_of(draft, verdict):
        order.fates[fate.number] = fate


def _answer(order: _Order) -> Sent:
    for row in order.read:  # the reader passes over rows that hold nothing, or the names of columns once more
        if row.number not in order.lines and row.number not in order.fates:
            order.fates[row.number] = RowFate(row.number, "ignored", "no_line")
    refused = {number: fate.reason for number, fate in order.fates.items() if fate.fate == "refused"}
    if refused:
        return Sent("refused", reasons=refused)
    taken = next((one for one in order.verdicts if one.order_id), None)
    number = next((draft.number for draft in order.drafts), "")
    if taken is None:
        return Sent("left", reasons={number: fate.reason for number, fate in order.fates.items()})
    return Sent(taken.outcome, taken.order_id, number)


def _write(run: ImportRun, orders: Mapping[int, _Order], *, actor: Actor) -> None:
    """Settle the rows and count them anew: the fates of a file's rows still add up to its rows."""
    run = ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    refused, ignored = Counter(run.refused), Counter(run.ignored)
    settled = []
    for order_row, order in orders.items():
        ids = [verdict.order_id for verdict in order.verdicts if verdict.outcome != "refused"]
        again = {fate.order_row or fate.number for fate in order.fates.values() if fate.fate == "refused"}
        for row in order.rows:
            refused[row.reason] -= 1
            fate = order.fates.get(row.number)
            state, reason, begins, order_id = "corrected", row.reason, order_row, order.lines.get(row.number)
            if row.number in order.left_out:
                state = "aside"
                ignored["set_aside"] += 1
            elif fate and fate.fate == "refused":
                state, reason = "open", fate.reason
                begins = order_row if len(again) == 1 else fate.order_row or fate.number
                refused[reason] += 1
            elif fate:
                order_id = next(iter(ids), None)
                ignored[fate.reason] += fate.fate == "ignored"
                run.cancelled += fate.fate == "cancelled"
            run.corrected += state == "corrected"
            settled.append(_settled(row, state, reason, begins, order_id))
        run.lines += len(order.lines)
        run.orders += sum(verdict.outcome == "accepted" for verdict in order.verdicts)
    run.refused, run.ignored = dict(+refused), dict(+ignored)
    run.save(update_fields=["lines", "orders", "cancelled", "corrected", "refused", "ignored"])
    settle(settled, actor=actor)


def _settled(row: RefusedRow, state: str, reason: str, begins: int, order_id: int | None) -> dict[str, object]:
    return {
        "id": row.pk, "state": state, "reason": reason, "cells": row.cells, "order_row": begins, "order_id": order_id,
    }  # fmt: skip


def settle(settled: Iterable[Mapping[str, object]], *, actor: Actor) -> None:
    """Write what became of rows, by their ids, and who did it; one statement."""
    perform("intake", "settle_rows", {"rows": as_json(settled), "by": as_json([said_of(actor)])})


def said_of(actor: Actor) -> dict[str, object]:
    """Give who did something as rows keep it."""
    return {"kind": actor.kind, "id": actor.id, "name": str(actor)}


def _tell(
    run: ImportRun,
    orders: Mapping[int, _Order],
    answers: Mapping[int, Sent | Refused],
    *,
    typed: bool,
    actor: Actor,
) -> None:
    """Write it down: each order that a person corrected, and the sum of those sent again as they were."""
    told = {order_row: sent for order_row, sent in answers.items() if isinstance(sent, Sent)}
    if typed:
        deeds = [
            Deed(
                "import", run.pk, "rows_corrected", merchant_id=run.merchant_id,
                data={"row": order_row, "rows": len(orders[order_row].rows), "outcome": sent.outcome,
                      "order": sent.order_id},
            )
            for order_row, sent in told.items()
        ]  # fmt: skip
    else:
        became = Counter(sent.outcome for sent in told.values())
        deeds = [Deed("import", run.pk, "rows_sent_again", dict(became), merchant_id=run.merchant_id)]
    record_deeds(deeds, actor=actor)
