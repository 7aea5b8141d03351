"""Rows of files of orders that came back, taken as they are now."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from colisage.intake.actions.accept_orders import Incoming, Verdict, accept_orders
from colisage.intake.actions.run_import import channel_of
from colisage.intake.models import ImportRun, RefusedRow
from colisage.intake.ports import REASONS, OrderDraft, RowFate
from colisage.intake.queries.rows import read_again, reading_of
from colisage.intake.rules.fates import fates_of
from colisage.kit.actors import Actor
from colisage.kit.sent_files import Fate, Kept, Kind, Sent, Taken


@dataclass(slots=True)
class _Order:
    """Rows of one order on their way: its drafts, more than one where a person typed another number."""

    read: Collection[int]
    drafts: list[OrderDraft]
    fates: dict[int, RowFate]
    lines: dict[int, int | None] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)


def take_rows(run: ImportRun, orders: Sequence[Sequence[Kept]], *, actor: Actor) -> list[Taken]:
    """Accept orders like orders from anywhere else, each read from its own rows alone; say what became of each."""
    channel = channel_of(run)
    read = [_order(rows, outcomes) for rows, outcomes in zip(orders, read_again(run, orders=orders), strict=True)]
    incoming = [(order, draft) for order in read for draft in order.drafts]
    verdicts = accept_orders(
        [Incoming(channel, draft) for _order, draft in incoming],
        actor=actor,
        quiet=bool(run.options.get("history")),
        reserves=run.options.get("opening_stock", "ample") != "none",
    )
    for (order, draft), verdict in zip(incoming, verdicts, strict=True):
        order.verdicts.append(verdict)
        if verdict.outcome == "accepted":
            order.lines |= dict.fromkeys(draft.source_rows, verdict.order_id)
        for fate in fates_of(draft, verdict):
            order.fates[fate.number] = fate
    return [_taken(order) for order in read]


def _order(rows: Sequence[Kept], outcomes: Sequence[OrderDraft | RowFate]) -> _Order:
    return _Order(
        [number for number, _cells, _unseen in rows],
        [one for one in outcomes if isinstance(one, OrderDraft)],
        {one.number: one for one in outcomes if isinstance(one, RowFate)},
    )


def _taken(order: _Order) -> Taken:
    for number in order.read:  # the reader passes over rows that hold nothing, or the names of columns once more
        if number not in order.lines and number not in order.fates:
            order.fates[number] = RowFate(number, "ignored", "no_line")
    ids = [verdict.order_id for verdict in order.verdicts if verdict.outcome != "refused"]
    became = {number: Fate("taken", made_id=order_id) for number, order_id in order.lines.items()}
    for number, fate in order.fates.items():
        if fate.fate == "refused":
            became[number] = Fate("refused", fate.reason, first_row=fate.order_row)
        elif fate.fate != "accepted":
            became[number] = Fate(fate.fate, fate.reason, next(iter(ids), None))
    return Taken(_sent(order), became, sum(verdict.outcome == "accepted" for verdict in order.verdicts))


def _sent(order: _Order) -> Sent:
    refused = {number: fate.reason for number, fate in order.fates.items() if fate.fate == "refused"}
    if refused:
        return Sent("refused", reasons=refused)
    taken = next((one for one in order.verdicts if one.order_id), None)
    if taken is None:
        return Sent("left", reasons={number: fate.reason for number, fate in order.fates.items()})
    return Sent(taken.outcome, taken.order_id, next((draft.number for draft in order.drafts), ""))


def _count(run: ImportRun, taken: Iterable[Taken]) -> None:
    for one in taken:
        run.orders += one.made
        run.lines += sum(fate.fate == "taken" for fate in one.fates.values())
        run.cancelled += sum(fate.fate == "cancelled" for fate in one.fates.values())


def _ready(run: ImportRun) -> None:
    channel_of(run)


ORDERS: Final = Kind(
    name="orders",
    document="import",
    files=ImportRun,
    rows=RefusedRow,
    reasons=REASONS,
    reading=reading_of,
    take=take_rows,
    count=_count,
    ready=_ready,
    read={"state": "done"},
    beside="order_incomplete",
)
