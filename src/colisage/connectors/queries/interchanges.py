"""Interchanges of partners as the desk shows them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db.models import Count
from django.utils.functional import Promise

from colisage.connectors.edi.words import FAULTS
from colisage.connectors.models import Interchange
from colisage.intake.ports import MESSAGE_REASONS, REASONS
from colisage.intake.queries import MessageRow, messages_by_key
from colisage.kit import sealing

PURPOSE: Final = "connectors.interchanges"


@dataclass(frozen=True, slots=True)
class Inside:
    """A message of an interchange: where it stood, and what became of it; no row where it was not taken in."""

    place: int
    kind: str
    group: str
    number: str
    fault: str | Promise
    row: MessageRow | None


def interchanges_page(
    merchant_ids: Collection[int],
    *,
    channel_id: int,
    text: str = "",
    before: int | None = None,
    size: int = 50,
    worded: bool = True,
) -> list[Interchange]:
    """Give one page of the interchanges of a channel, the latest first, and one more; `text`: a sender or number.

    Their reasons are given `worded`, or as codes.
    """
    rows = Interchange.objects.filter(merchant_id__in=merchant_ids, channel_id=channel_id).defer("body", "answer")
    if text:
        rows = rows.filter(sender=text) | rows.filter(number=text)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    for one in found if worded else ():
        one.reason = str(fault_said(one.reason))
    return found


def interchanges_refused(merchant_ids: Collection[int]) -> dict[int, int]:
    """Count the refused interchanges that nobody has seen to, by channel."""
    rows = Interchange.objects.filter(merchant_id__in=merchant_ids, state="refused")
    return dict(rows.values("channel_id").annotate(n=Count("pk")).values_list("channel_id", "n"))


def fault_said(code: str) -> str | Promise:
    """Say what is wrong with an interchange."""
    return FAULTS.get(code, code)


def interchange_of(merchant_ids: Collection[int], *, interchange_id: int) -> Interchange | None:
    """Find an interchange of these merchants."""
    rows = Interchange.objects.filter(merchant_id__in=merchant_ids, pk=interchange_id)
    return rows.select_related("channel").first()


def body_of(found: Interchange) -> bytes:
    """Give the bytes that came; nothing where they are no longer kept, or were sealed under another key."""
    try:
        return sealing.opened(bytes(found.body), purpose=PURPOSE) if found.body else b""
    except sealing.SealBroken:
        return b""


def inside_of(found: Interchange) -> list[Inside]:
    """Give the messages of an interchange with what became of each; one statement."""
    rows = messages_by_key(found.channel_id, keys=[one["key"] for one in found.messages if one["key"]])
    return [
        Inside(
            place, one["kind"], one["group"], one["number"],
            REASONS.get(one["fault"]) or MESSAGE_REASONS.get(one["fault"], one["fault"]), rows.get(one["key"]),
        )
        for place, one in enumerate(found.messages, 1)
    ]  # fmt: skip
