"""Reading a file of orders: in pieces of a thousand, each piece one transaction that also remembers how far it came.

While one piece holds stock and is committed, the rows of the next are written and the one after is judged. All goes in
the order of the file all the same: a piece writes when the one before has written, and locks stock when it is done.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from colisage.intake.actions.accept_orders import Incoming, accept_orders
from colisage.intake.models import ImportRun, RefusedRow
from colisage.intake.ports import OrderDraft, RowFate
from colisage.intake.queries.mappings import format_of, reading_options
from colisage.intake.rules.fates import fates_of
from colisage.kit.actors import Actor
from colisage.kit.ahead import ahead
from colisage.kit.once import insert_once
from colisage.kit.tabular import TableRefused, open_table
from colisage.kit.turns import Turn, in_turn
from colisage.network.queries import ChannelFacts, channels_of

PIECE = 1_000  # orders and fates
FIRST = 250  # of the first piece: until it is read nothing is judged, until it is judged nothing is written
PIECE_CHARACTERS = 4_000_000  # rows may be wide: what is held at once does not grow with the file
Outcome = OrderDraft | RowFate


class _Piece(NamedTuple):
    """Outcomes of a file, and how many come before them."""

    after: int
    outcomes: list[Outcome]


class _Overtaken(Exception):  # noqa: N818 -- somebody else does the work
    """Another worker reads this file, and is ahead."""


class ChannelClosed(TableRefused):
    """The channel was switched off after the file was sent."""

    code = "channel_closed"
    text = _("The sales channel of this file is switched off. Switch it on, or send the file to another one.")


def run_import(run_id: int, *, progress: Callable[[ImportRun], None] | None = None) -> ImportRun:
    """Read an import to its end, from where it stopped; harmless when it is at its end, or being read by another.

    Each piece is accepted like orders from anywhere else, and committed with the counts, so that a worker killed in
    between goes on without taking a row twice. Memory does not grow with the file. A file that is no table of orders is
    refused as a whole, with the reason in `problems`.
    """
    with _alone(run_id) as alone:
        run = ImportRun.objects.get(pk=run_id)
        return _read(run, progress=progress) if alone and run.state not in {"done", "refused", "columns"} else run


def _read(run: ImportRun, *, progress: Callable[[ImportRun], None] | None) -> ImportRun:
    run_id = run.pk
    ImportRun.objects.filter(pk=run_id).update(state="reading")
    try:
        table = open_table(settings.COLISAGE_DATA_DIR / run.path)
        order_format = format_of(table, name=run.options.get("format", ""))
        channel = channel_of(run)
        outcomes = order_format.orders(table, options=reading_options(run))
    except TableRefused as refused:
        problems = _in_each_language(refused)
        ImportRun.objects.filter(pk=run_id).update(state="refused", problems=problems, finished_at=timezone.now())
        return ImportRun.objects.get(pk=run_id)
    ImportRun.objects.filter(pk=run_id).update(
        format=order_format.name,
        columns=_storable(table.headers),
        delimiter=table.dialect.delimiter,
        options={**run.options, "lines": table.lines},
    )
    pieces = ahead(_pieces(islice(outcomes, run.items, None), after=run.items))
    try:
        for taken in in_turn(pieces, lambda piece, turn: _take(run, piece, channel=channel, turn=turn)):
            if progress:
                progress(taken)
    except _Overtaken:  # the other goes on alone
        return ImportRun.objects.get(pk=run_id)
    ImportRun.objects.filter(pk=run_id).update(state="done", finished_at=timezone.now())
    return ImportRun.objects.get(pk=run_id)


@contextmanager
def _alone(run_id: int) -> Iterator[bool]:
    """Say whether nobody else reads this import. The lock ends with its connection, however the reader ends."""
    with connection.cursor() as db:
        db.execute("SELECT pg_try_advisory_lock(hashtext('intake_importrun'), %s::int)", [run_id])
        (alone,) = db.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as db:
                db.execute("SELECT pg_advisory_unlock(hashtext('intake_importrun'), %s::int)", [run_id])


def _in_each_language(refused: TableRefused) -> dict[str, str]:
    """Say a refusal in every language: who reads it is not who reads the file."""
    said = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            said[language] = _storable([str(refused)])[0]
    return said


def _storable(cells: Iterable[str]) -> list[str]:
    """Replace the one character the database cannot hold by the one that stands for the unreadable."""
    return [cell.replace("\0", "\ufffd") for cell in cells]


def channel_of(run: ImportRun) -> ChannelFacts:
    """Find the channel of an import; raises `ChannelClosed`."""
    for channel in channels_of(run.merchant_id).values():
        if channel.id == run.channel_id:
            return channel
    raise ChannelClosed


def _pieces(outcomes: Iterable[Outcome], *, after: int) -> Iterator[_Piece]:
    piece: list[Outcome] = []
    characters, size = 0, min(FIRST, PIECE)
    for outcome in outcomes:
        piece.append(outcome)
        characters += _characters(outcome)
        if len(piece) == size or characters > PIECE_CHARACTERS:
            yield _Piece(after, piece)
            after, piece, characters, size = after + len(piece), [], 0, min(2 * size, PIECE)
    if piece:
        yield _Piece(after, piece)


def _characters(outcome: Outcome) -> int:
    rows = (outcome.raw,) if isinstance(outcome, RowFate) else outcome.source_raw
    return sum(sum(map(len, cells)) for cells in rows)


@transaction.atomic
def _take(run: ImportRun, piece: _Piece, *, channel: ChannelFacts, turn: Turn) -> ImportRun:
    """Accept one piece and add it to the counts, in one transaction.

    Raises `_Overtaken` when the import has not come to where the piece begins, or is past it.
    """
    drafts = [outcome for outcome in piece.outcomes if isinstance(outcome, OrderDraft)]
    history = bool(run.options.get("history"))
    verdicts = accept_orders(
        [Incoming(channel, draft) for draft in drafts],
        actor=Actor("connector", run.by_id, run.by_name or run.file_name),
        quiet=history,
        reserves=run.options.get("opening_stock", "ample") != "none",
        turn=turn,
    )
    turn.last()
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.items != piece.after:
        raise _Overtaken
    fates = [outcome for outcome in piece.outcomes if isinstance(outcome, RowFate)]
    accepted, told_before = [], list[RowFate]()
    for draft, verdict in zip(drafts, verdicts, strict=True):
        fates.extend(fates_of(draft, verdict))
        if verdict.outcome == "accepted":
            accepted.append(draft)
        elif verdict.outcome == "refused":
            told_before.extend(draft.beside)
    _count(run, items=len(piece.outcomes), accepted=accepted, fates=fates, told_before=told_before)
    insert_once((_refused(run, fate) for fate in fates if fate.fate == "refused"), by=["number"])
    run.save()
    return run


def _refused(run: ImportRun, fate: RowFate) -> RefusedRow:
    return RefusedRow(
        merchant_id=run.merchant_id,
        run_id=run.pk,
        number=fate.number,
        first_row=fate.order_row or fate.number,
        reason=fate.reason,
        raw=_storable(fate.raw),
    )


def _count(
    run: ImportRun,
    *,
    items: int,
    accepted: Sequence[OrderDraft],
    fates: Sequence[RowFate],
    told_before: Sequence[RowFate],
) -> None:
    """Add what became of rows; those told before have come back with their order after all."""
    lines = sum(len(draft.lines) for draft in accepted)
    run.items += items
    run.orders += len(accepted)
    run.lines += lines
    run.rows += lines + len(fates) - len(told_before)
    run.cancelled += sum(f.fate == "cancelled" for f in fates)
    ignored = Counter(run.ignored) + Counter(f.reason for f in fates if f.fate == "ignored")
    run.ignored = dict(ignored - Counter(f.reason for f in told_before))
    run.refused = dict(Counter(run.refused) + Counter(f.reason for f in fates if f.fate == "refused"))
