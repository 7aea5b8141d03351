"""What is on its way between our own nodes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _

from colisage.inbound.models import Transfer, TransferLine
from colisage.kit.narrowing import RowCount
from colisage.network.queries import nodes_by_id

UNFINISHED = ("sent", "partly")


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A transfer, as lists show it; a node of another operator, which the person does not see, has no name or code."""

    pk: int
    merchant_id: int
    source: str
    source_code: str
    target: str
    target_code: str
    state: str
    state_says: str
    expected_on: date | None
    note: str
    sent_at: datetime
    ended_at: datetime | None
    by_name: str
    sent: int
    came: int


def _rows(found: Collection[Transfer]) -> list[TransferRow]:
    sums = {
        pk: (sent, came)
        for pk, sent, came in TransferLine.objects.filter(transfer__in=found)
        .values("transfer_id")
        .annotate(s=Sum("sent"), a=Sum(F("good") + F("damaged")))
        .values_list("transfer_id", "s", "a")
    }
    nodes = nodes_by_id({pk for t in found for pk in (t.from_node_id, t.to_node_id)})
    named = {pk: (node.name, node.code) for pk, node in nodes.items()}
    other = (_("another operator’s node"), "")
    return [
        TransferRow(
            t.pk, t.merchant_id, *named.get(t.from_node_id, other), *named.get(t.to_node_id, other), t.state,
            t.get_state_display(), t.expected_on, t.note, t.sent_at, t.ended_at, t.by_name, *sums.get(t.pk, (0, 0)),
        )
        for t in found
    ]  # fmt: skip


def transfers_page(
    merchant_ids: Collection[int], *, state: str = "", after: int | None = None, size: int = 50
) -> list[TransferRow]:
    """Give one page of transfers, the latest first, and one more when there are more; three statements."""
    rows = Transfer.objects.filter(merchant_id__in=merchant_ids)
    if state:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return _rows(list(rows.order_by("-pk")[: size + 1]))


def transfers_under_way(merchant_ids: Collection[int]) -> int:
    """Count the transfers of which units are still on their way, no further than anybody needs to know."""
    return RowCount.of(Transfer.objects.filter(merchant_id__in=merchant_ids, state__in=UNFINISHED))


def transfer_of(merchant_ids: Collection[int], *, transfer_id: int) -> TransferRow | None:
    """Find a transfer of these merchants."""
    return next(iter(_rows(list(Transfer.objects.filter(merchant_id__in=merchant_ids, pk=transfer_id)))), None)


def transfer_lines(merchant_ids: Collection[int], *, transfer_id: int) -> list[TransferLine]:
    """Give the lines of a transfer, by SKU, each with the units `left` on their way."""
    rows: QuerySet[TransferLine] = TransferLine.objects.filter(merchant_id__in=merchant_ids, transfer_id=transfer_id)
    return list(
        rows.annotate(left=F("sent") - F("good") - F("damaged") - F("settled"))
        .select_related("sku", "lot")
        .order_by("sku__code", "pk")
    )
