"""What is on its way between nodes, as the API tells it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from colisage.inbound.models import TransferLine
from colisage.inbound.queries.transfers import TransferRow


class TransferOut(Struct, frozen=True, kw_only=True):
    """Units between two nodes. `state`: sent, partly (arrived) or arrived; a node that you do not see has no code."""

    id: int
    source: str
    target: str
    state: str
    expected_on: date | None
    note: str
    sent_at: datetime
    ended_at: datetime | None
    sent: int
    arrived: int


class TransferLineOut(Struct, frozen=True, kw_only=True):
    """Units of a SKU, of one lot and owner: `left` are on their way, `settled` did not arrive, for a `reason`.

    `bins` says where they were taken. `consigned`: they are a supplier's.
    """

    id: int
    sku: str
    name: str
    lot: str
    consigned: bool
    sent: int
    good: int
    damaged: int
    settled: int
    left: int
    reason: str
    bins: str


class WholeTransferOut(TransferOut, frozen=True, kw_only=True):
    """A transfer with its lines, by SKU."""

    lines: list[TransferLineOut]


class TransferPageOut(Struct, frozen=True, kw_only=True):
    """A page of transfers, the latest first; `next` is the `page` that follows, null on the last."""

    items: list[TransferOut]
    next: int | None


def transfers_told(rows: Sequence[TransferRow]) -> list[TransferOut]:
    """Tell transfers; no statement."""
    return [TransferOut(**_transfer(row)) for row in rows]


def transfer_told(row: TransferRow, lines: Sequence[TransferLine]) -> WholeTransferOut:
    """Tell a transfer with its lines, which come with SKU and lot; no statement."""
    return WholeTransferOut(**_transfer(row), lines=[_line(line) for line in lines])


def _transfer(row: TransferRow) -> dict[str, Any]:
    same = ("state", "expected_on", "note", "sent_at", "ended_at", "sent")
    return {
        "id": row.pk, "source": row.source_code, "target": row.target_code, "arrived": row.came,
        **{name: getattr(row, name) for name in same},
    }  # fmt: skip


def _line(line: TransferLine) -> TransferLineOut:
    same = ("sent", "good", "damaged", "settled", "reason", "bins")
    return TransferLineOut(
        id=line.pk, sku=line.sku.code, name=line.sku.name, lot=line.lot.code if line.lot else "",
        consigned=line.owner_id is not None, left=line.sent - line.good - line.damaged - line.settled,
        **{name: getattr(line, name) for name in same},
    )  # fmt: skip
