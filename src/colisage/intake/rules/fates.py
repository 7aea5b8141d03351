"""What becomes of the rows of a draft that acceptance has judged."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from colisage.intake.ports import OrderDraft, RowFate


class Judgement(Protocol):
    """What acceptance said of a draft."""

    @property
    def outcome(self) -> str:
        """`accepted`, `duplicate` or `refused`."""
        ...

    @property
    def reason(self) -> str:
        """Why it is refused, a code of REASONS."""
        ...

    @property
    def lines(self) -> Sequence[int]:
        """Which lines that is about; all where none is named."""
        ...


def fates_of(draft: OrderDraft, verdict: Judgement) -> Iterator[RowFate]:
    """Say what became of the rows of a draft that was not accepted.

    A refused order comes back whole, with the rows that are no lines of it: read without them it would be another.
    """
    if verdict.outcome == "accepted":
        return
    raw = draft.source_raw or ((),) * len(draft.source_rows)
    first = min((*draft.source_rows, *(row.number for row in draft.beside)), default=0)
    for i, (number, cells) in enumerate(zip(draft.source_rows, raw, strict=True)):
        if verdict.outcome == "duplicate":
            yield RowFate(number, "ignored", "already_imported", cells)
        elif verdict.lines and i not in verdict.lines:
            yield RowFate(number, "refused", "order_incomplete", cells, first)
        else:
            yield RowFate(number, "refused", verdict.reason, cells, first)
    if verdict.outcome == "refused":
        for row in draft.beside:
            yield RowFate(row.number, "refused", "order_incomplete", row.raw, first)
