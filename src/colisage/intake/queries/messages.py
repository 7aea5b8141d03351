"""Messages of shops: what is known of their orders, and what people see of them."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Max, Q
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from colisage.intake.models import ShopMessage
from colisage.intake.ports import MESSAGE_REASONS, REASONS, OrderTold, ShopMessages, Unreadable
from colisage.intake.rules.elsewhere import Here
from colisage.intake.rules.given_back import Standing, judged
from colisage.intake.rules.messages import Known
from colisage.kit import sealing
from colisage.kit.statements import ask
from colisage.orders.queries import lines_of, orders_across, orders_of_channel
from colisage.orders.queries.changes import comes_to
from colisage.orders.queries.left import units_left

PURPOSE: Final = "intake.messages"


def reader_called(connector: str) -> ShopMessages:
    """Find who reads the messages of a kind of shop; raises `Unreadable` when this installation has none."""
    known: dict[str, str] = getattr(settings, "COLISAGE_CHANNELS", {})
    if connector not in known:
        raise Unreadable("unreadable", connector)
    reader: ShopMessages = import_string(known[connector])()
    return reader


def known_orders(channel_id: int, *, refs: Collection[str]) -> dict[str, Known]:
    """Give what is known of the orders of a shop, with the newest version that was read of each; two statements."""
    seen = orders_of_channel(channel_id, refs=refs)
    read = ShopMessage.objects.filter(channel_id=channel_id, external_ref__in=seen, version__isnull=False)
    versions = dict(
        read.exclude(state="waiting")
        .values("external_ref")
        .annotate(newest=Max("version"))
        .values_list("external_ref", "newest")
    )
    return {
        ref: Known(one.id, one.state, one.payment, one.fingerprint, versions.get(ref), one.currency)
        for ref, one in seen.items()
    }


def orders_to_find_again(merchant_id: int, *, channel_id: int, after: int, but: str, most: int) -> dict[str, int]:
    """Give the next orders of a shop that are still to be sent, by what it calls them; those it told of itself.

    Left out are those that were ever held with the reason `but`. One statement.
    """
    asked = {"merchant": merchant_id, "channel": channel_id, "after": after, "reason": but, "most": most}
    return {ref: pk for pk, ref in ask("intake", "orders_to_find_again", asked)}


def pieces_here(order_ids: Collection[int]) -> dict[int, list[Here]]:
    """Give the lines of orders with who sends them and what of them left from here; four statements."""
    if not order_ids:
        return {}
    left = units_left(order_ids)
    return {
        order: [Here(line.external_ref, line.served_by, line.wanted, left.get(line.pk, 0)) for line in lines]
        for order, lines in lines_of(order_ids).items()
    }


def standing_of(order_ids: Collection[int]) -> dict[int, Standing]:
    """Give whether orders are complete, and what they come to without what is cancelled; two statements."""
    if not order_ids:
        return {}
    lines = lines_of(order_ids)
    return {
        pk: Standing(
            order.state == "closed",
            comes_to(order, lines[pk]),
        )
        for pk, order in orders_across(order_ids).items()
    }


def passed_orders(channel_id: int, *, refs: Collection[str]) -> dict[str, datetime]:
    """Give, by order, the newest version in which a shop said that it was over before it came here."""
    read = ShopMessage.objects.filter(channel_id=channel_id, external_ref__in=refs, version__isnull=False)
    over = read.filter(state="ignored", reason__in=["never_arrived", "already_fulfilled"])
    return dict(over.values("external_ref").annotate(newest=Max("version")).values_list("external_ref", "newest"))


def told_in(message_id: int) -> OrderTold | None:
    """Give what a message tells of an order; None for one that tells none, or that may not be kept any more.

    What it gave back is judged by what left.
    """
    message = ShopMessage.objects.get(pk=message_id)
    try:
        told = reader_called(message.connector).read(
            sealing.opened(bytes(message.body), purpose=PURPOSE), topic=message.topic
        )
    except (Unreadable, sealing.SealBroken):
        return None
    if not isinstance(told, OrderTold):
        return None
    if not told.given_back or message.order_id is None:
        return told
    pk = message.order_id
    return judged(told, here=pieces_here([pk])[pk], standing=standing_of([pk])[pk])


def fate_of(channel_id: int, *, ref: str) -> tuple[str, str]:
    """Give what became of the last message about an order: its state ("" when there is none), and why in words."""
    rows = ShopMessage.objects.filter(channel_id=channel_id, external_ref__in=[ref, ""])
    waiting = rows.filter(state="waiting").exists()
    found = rows.exclude(external_ref="").exclude(reason="asked_for").defer("body").order_by("-pk").first()
    if waiting or found is None:
        return ("waiting" if waiting else "", "")
    return found.state, str(REASONS.get(found.reason) or MESSAGE_REASONS.get(found.reason, found.reason))


def channels_to_read() -> list[int]:
    """Give the channels of which messages wait: a question of the workers."""
    rows = ShopMessage.objects.filter(state="waiting").values_list("channel_id", flat=True).distinct()
    return sorted(rows)


def messages_waiting(merchant_ids: Collection[int]) -> dict[int, int]:
    """Count the messages that wait for a person, by channel."""
    rows = ShopMessage.objects.filter(merchant_id__in=merchant_ids, state="refused")
    return dict(rows.values("channel_id").annotate(n=Count("pk")).values_list("channel_id", "n"))


def last_refused(merchant_id: int, *, order_id: int) -> int | None:
    """Give the last message about an order that could not be taken over and waits for a person."""
    rows = ShopMessage.objects.filter(merchant_id=merchant_id, order_id=order_id, state="refused")
    return rows.order_by("-pk").values_list("pk", flat=True).first()


def states_of(merchant_id: int, *, message_ids: Collection[int]) -> dict[int, str]:
    """Give the states of messages of a merchant; `erased` for a refused one whose body is not kept any more."""
    rows = ShopMessage.objects.filter(merchant_id=merchant_id, pk__in=message_ids)
    erased = set(rows.filter(body=b"", state="refused").values_list("pk", flat=True))
    return {pk: "erased" if pk in erased else state for pk, state in rows.values_list("pk", "state")}


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as a list shows it."""

    id: int
    merchant_id: int
    channel_id: int
    channel: str
    via: str
    topic: str
    received_at: datetime
    state: str
    state_said: str
    number: str
    outcome: str
    reason: str | Promise
    detail: str
    order_id: int | None
    by_name: str
    code: str  # of the reason


def messages_page(
    merchant_ids: Collection[int],
    *,
    channel_id: int | None = None,
    state: str = "",
    text: str = "",
    before: int | None = None,
    size: int = 50,
) -> list[MessageRow]:
    """Give one page of messages, the latest first, and one more when there are more; `text` begins a number."""
    rows = ShopMessage.objects.filter(merchant_id__in=merchant_ids)
    if channel_id is not None:
        rows = rows.filter(channel_id=channel_id)
    if state:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(Q(number=text) | Q(external_ref=text))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [_row(m) for m in rows.select_related("channel").defer("body").order_by("-pk")[: size + 1]]


def messages_by_key(channel_id: int, *, keys: Collection[str]) -> dict[str, MessageRow]:
    """Find messages of a channel by the shop's own identity of them."""
    rows = ShopMessage.objects.filter(channel_id=channel_id, key__in=keys).select_related("channel").defer("body")
    return {row.key: _row(row) for row in rows}


def _row(message: ShopMessage) -> MessageRow:
    return MessageRow(
        id=message.pk,
        merchant_id=message.merchant_id,
        channel_id=message.channel_id,
        channel=message.channel.name,
        via=message.via,
        topic=message.topic,
        received_at=message.received_at,
        state=message.state,
        state_said=message.get_state_display(),
        number=message.number or message.external_ref,
        outcome=message.outcome,
        reason=REASONS.get(message.reason) or MESSAGE_REASONS.get(message.reason, message.reason),
        detail=message.detail,
        order_id=message.order_id,
        by_name=message.by_name,
        code=message.reason,
    )


def message_of(merchant_ids: Collection[int], *, message_id: int) -> tuple[MessageRow, str] | None:
    """Find a message of these merchants, with its body as text a person can read; empty when it was erased."""
    found = ShopMessage.objects.filter(merchant_id__in=merchant_ids, pk=message_id).select_related("channel").first()
    return (_row(found), _readable(bytes(found.body))) if found else None


def _readable(kept: bytes) -> str:
    if not kept:
        return ""
    try:
        body = sealing.opened(kept, purpose=PURPOSE)
    except sealing.SealBroken:
        return ""
    text = body.decode(errors="replace")
    try:
        told: Any = json.loads(text)
        written = json.dumps(told, indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):  # no JSON, or nested deeper than can be laid out
        return text
    return written.encode(errors="replace").decode()  # half a character can be said in JSON, and shown nowhere
