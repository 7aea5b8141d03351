"""The later stages of what shops say: translated, decided, done; each message by itself, many at once."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from colisage.catalog.queries import recipes_of, sold_skus
from colisage.intake.actions.accept_orders import Incoming, accept_orders, fingerprint, new_line
from colisage.intake.events import AftermathTold, OrderAskedFor
from colisage.intake.models import ShopMessage
from colisage.intake.ports import AskFor, Deleted, Nothing, OrderDraft, OrderTold, Unreadable
from colisage.intake.problem import wish_of
from colisage.intake.queries.messages import (
    PURPOSE,
    known_orders,
    passed_orders,
    reader_called,
)
from colisage.intake.queries.names import named
from colisage.intake.queries.told import shared
from colisage.intake.rules.messages import balanced, deeds, newest
from colisage.kit import sealing
from colisage.kit.actors import Actor
from colisage.kit.conflicts import TryAgain, again
from colisage.kit.errors import Refused
from colisage.kit.events import tell
from colisage.network.queries import ChannelFacts, channel_facts
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.change_order import change_order
from colisage.orders.actions.record_payments import record_payments
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.actions.reopen_order import reopen_order
from colisage.orders.actions.retell_order import retell_order
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.queries import OrderLine, holds_of, lines_of, orders_by_id

AT_ONCE = 200
MOST_TRIES = 5
ASKED: Final = "cancel_asked"
UNTAKEN: Final = "change_untaken"
OF_CHANGES: Final = frozenset({UNTAKEN, "changed_in_shop"})  # holds that end once the shop and we say the same
KNOWN: Final = "nothing_new"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Said:
    """An order that a message tells, and what is done about it."""

    message: ShopMessage
    told: OrderTold


def read_messages(channel_id: int) -> int:
    """Read every message of a channel that waits, in the order in which they came; give how many.

    One worker at a time for each channel. A message that cannot be dealt with waits with a reason and stops no other.
    """
    channel = channel_facts([channel_id]).get(channel_id)
    total, last = 0, 0
    while channel is not None and (ids := _waiting(channel_id, after=last)):
        _read(channel, ids)
        total, last = total + len(ids), ids[-1]
    return total


def _waiting(channel_id: int, *, after: int) -> list[int]:
    rows = ShopMessage.objects.filter(channel_id=channel_id, state="waiting", pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _read(channel: ChannelFacts, ids: Sequence[int]) -> None:
    """Read some messages in one transaction; when that fails, halve them until the one is found that cannot be read."""
    try:
        again(partial(_read_together, channel, ids))
    except TryAgain:  # nothing is wrong with them: the worker begins anew
        raise
    except Exception:
        if len(ids) > 1:
            half = len(ids) // 2
            _read(channel, ids[:half])
            _read(channel, ids[half:])
            return
        log.exception("message %s of channel %s", ids[0], channel.id)
        _give_up(ids[0])


def _give_up(message_id: int) -> None:
    """Keep a message for another try; after several of them a person decides."""
    message = ShopMessage.objects.get(pk=message_id)
    message.tries += 1
    if message.tries >= MOST_TRIES:
        message.state, message.reason, message.read_at = "refused", "our_fault", timezone.now()
    message.save(update_fields=["tries", "state", "reason", "read_at"])


@transaction.atomic
def _read_together(channel: ChannelFacts, ids: Sequence[int]) -> None:
    with connection.cursor() as db:  # the worker of this channel, until the transaction ends
        db.execute("SELECT pg_advisory_xact_lock(hashtext('intake_messages'), %s::int)", [channel.id])
    waiting = list(ShopMessage.objects.filter(pk__in=ids, state="waiting").order_by("pk"))
    said = _by_name(channel, [one for one in map(_translated, waiting) if one is not None])
    _decide(channel, _only_newest(said))
    now = timezone.now()
    for message in waiting:
        message.read_at = now
    _close_older(channel, waiting)
    fields = ["state", "outcome", "reason", "detail", "external_ref", "number", "version", "order_id", "read_at"]
    ShopMessage.objects.bulk_update(waiting, fields, batch_size=AT_ONCE)


def _close_older(channel: ChannelFacts, read: Sequence[ShopMessage]) -> None:
    """Let what could not be done wait no longer where the shop told the same order anew, and that is done or known."""
    settled = [one for one in read if one.state == "done" or one.reason == KNOWN]
    over = {one.external_ref: one.version for one in settled if one.version is not None}
    refused = ShopMessage.objects.filter(channel_id=channel.id, external_ref__in=over, state="refused")
    found = refused.values_list("pk", "external_ref", "version")
    older = [pk for pk, ref, version in found if version and version < over[ref]]
    if older:
        ShopMessage.objects.filter(pk__in=older).update(state="ignored", reason="older_than_known", detail="")


def _translated(message: ShopMessage) -> _Said | None:
    """Translate a message; what is not about an order is settled by that."""
    try:
        reader = reader_called(message.connector)
        body = sealing.opened(bytes(message.body), purpose=PURPOSE)
        told = reader.read(body, topic=message.topic)
    except Unreadable as fault:
        message.external_ref = fault.external_ref[:300]
        _settle(message, "refused", reason=fault.code, detail=fault.detail)
        return None
    except sealing.SealBroken:
        _settle(message, "refused", reason="other_key")
        return None
    if isinstance(told, AskFor):
        message.external_ref = told.external_ref[:300]
        tell([OrderAskedFor(merchant_id=message.merchant_id, channel_id=message.channel_id, ref=told.external_ref)])
        _settle(message, "ignored", reason="asked_for")
        return None
    if isinstance(told, Nothing):
        message.external_ref = told.external_ref[:300]
        _settle(message, "ignored", reason=told.reason)
        return None
    if isinstance(told, Deleted):
        told = _gone(told.external_ref, message)
    message.external_ref, message.number = told.draft.external_ref[:300], told.draft.number[:300]
    message.version = told.version
    return _Said(message, told)


def _gone(ref: str, message: ShopMessage) -> OrderTold:
    """Read that an order was deleted as that it was cancelled, when we heard of it: the shop says nothing else."""
    draft = OrderDraft(
        external_ref=ref, number=ref, placed_at=message.received_at, currency="", lines=(), total_cents=0
    )
    return OrderTold(draft=draft, version=message.received_at, cancelled=True)


def _settle(message: ShopMessage, state: str, *, reason: str = "", detail: str = "", outcome: str = "") -> None:
    message.state, message.reason, message.detail, message.outcome = state, reason, detail, outcome


def _by_name(channel: ChannelFacts, said: Sequence[_Said]) -> list[_Said]:
    found = named(channel.merchant_id, [one.told for one in said])
    return [replace(one, told=told) for one, told in zip(said, found, strict=True)]


def _only_newest(said: Sequence[_Said]) -> list[_Said]:
    """Keep the newest of several messages about one order: each tells the whole order.

    Of those that may only bring an order the first counts.
    """
    by_ref: dict[str, list[_Said]] = defaultdict(list)
    for one in said:
        by_ref[one.told.draft.external_ref].append(one)
    kept = []
    for group in by_ref.values():
        only = all(one.told.told_once for one in group)
        winner = group[0].message.pk if only else newest([(one.message.pk, one.told) for one in group])
        for one in group:
            if one.message.pk == winner:
                kept.append(one)
            elif only:
                same = one.told.draft == group[0].told.draft
                reason = "nothing_new" if same else "order_came_differently"
                _settle(one.message, "ignored" if same else "refused", reason=reason)
            else:
                _settle(one.message, "ignored", reason="older_than_known")
    return sorted(kept, key=lambda one: one.message.pk)


def _decide(channel: ChannelFacts, said: Sequence[_Said]) -> None:
    refs = [one.told.draft.external_ref for one in said]
    known = known_orders(channel.id, refs=refs)
    seen = shared([one.told for one in said], known)
    said = [replace(one, told=told) for one, told in zip(said, seen, strict=True)]
    passed = passed_orders(channel.id, refs=[ref for ref in refs if ref not in known])
    fresh: list[_Said] = []
    for one in said:
        told, ref = one.told, one.told.draft.external_ref
        order = known.get(ref)
        one.message.order_id = order.id if order else None
        wanted = deeds(told, order, fingerprint=fingerprint(balanced(told.draft)), passed=passed.get(ref))
        if wanted == ("accept",):
            fresh.append(one)
        elif wanted in {("order_came_differently",), ("other_currency",)}:
            _settle(one.message, "refused", reason=wanted[0])
        elif order is None or not set(wanted) & {"cancel", "pay", "change"}:
            _settle(one.message, "ignored", reason=wanted[0])
            if order is not None and wanted == (KNOWN,) and told.version and not told.told_once:
                _end_untaken(channel, order.id)  # the shop took its change back
        else:
            _follow(channel, one, order.id, state=order.state, wanted=wanted)
    _accept(channel, fresh)
    _hold_asked(channel, [one for one in said if one.told.cancel_asked])
    tell(
        AftermathTold(merchant_id=channel.merchant_id, order_id=one.message.order_id, message_id=one.message.pk)
        for one in said
        if one.message.order_id and (one.told.refunds or one.told.returns) and one.message.reason != "older_than_known"
    )
    _follow_holds(
        channel, [one for one in said if one.told.hold is not None and one.message.reason != "older_than_known"]
    )


def _follow_holds(channel: ChannelFacts, told: Sequence[_Said]) -> None:
    """Hold orders that are on hold in their shop, and free those that are not any more.

    A hold that a person here released is not set again, unless the shop gives another reason.
    """
    by_order = {one.message.order_id: one for one in told if one.message.order_id}
    actor = _actor(channel)
    for pk, holds in holds_of(by_order).items():
        one, own = by_order[pk], [hold for hold in holds if hold.kind == "channel"]
        wanted, done = one.told.hold or "", False
        if over := [hold.pk for hold in own if hold.released_at is None and hold.reason != wanted]:
            done = bool(release_hold(channel.merchant_id, hold_ids=over, actor=actor))
        last = own[-1] if own else None
        decided = last is not None and last.reason == wanted and last.released_by not in {"", str(actor)[:150]}
        if wanted and not decided:
            done |= bool(
                set_hold(channel.merchant_id, order_ids=[pk], kind="channel", reason=wanted, actor=actor, owned=False)
            )
        if done and one.message.state == "ignored":
            _settle(one.message, "done", outcome="held" if wanted else "freed")


def _hold_asked(channel: ChannelFacts, asked: Sequence[_Said]) -> None:
    """Hold orders whose customer asks to cancel, until a person decides; once, however often the shop says it."""
    by_order = {one.message.order_id: one.message for one in asked if one.message.order_id}
    told = {pk for pk, holds in holds_of(by_order).items() if any(hold.reason == ASKED for hold in holds)}
    here = orders_by_id(channel.merchant_id, ids=set(by_order) - told)
    fresh = [order.pk for order in here.values() if order.state == "open"]
    if fresh:
        set_hold(channel.merchant_id, order_ids=fresh, kind="shop", reason=ASKED, actor=_actor(channel))
    for pk in fresh:
        if by_order[pk].state == "ignored":
            _settle(by_order[pk], "done", outcome=ASKED)


def _accept(channel: ChannelFacts, fresh: Sequence[_Said]) -> None:
    """Take new orders in; what the shop cannot be asked to correct here is held, not refused."""
    incoming = [Incoming(channel, balanced(one.told.draft)) for one in fresh]
    verdicts = accept_orders(incoming, actor=_actor(channel), hold_unknown_skus=True) if incoming else []
    for one, verdict in zip(fresh, verdicts, strict=True):
        one.message.order_id = verdict.order_id
        if verdict.outcome == "refused":
            _settle(one.message, "refused", reason=verdict.reason)
        else:
            _settle(one.message, "done", outcome="accepted")


def _follow(channel: ChannelFacts, one: _Said, order_id: int, *, state: str, wanted: Sequence[str]) -> None:
    """Do what a message asks of an order that is here; what comes too late holds the order, and says so."""
    if "change" in wanted and state == "closed" and _served(one, order_id, by_us=True):
        with suppress(Refused), transaction.atomic():  # complete, until the shop moved units to us
            reopen_order(channel.merchant_id, order_id=order_id, actor=_actor(channel))
            _change(channel, one, order_id)
            _settle(one.message, "done", outcome="changed")
            return
    if "change" in wanted and state != "open":
        _settle(one.message, "refused", reason="closed_before")
        return
    done: list[str] = []
    for deed in wanted:
        try:
            with transaction.atomic():
                done.append(_DEEDS[deed](channel, one, order_id))
        except Refused as refusal:
            late, held = _TOO_LATE["elsewhere" if deed == "change" and _served(one, order_id, by_us=False) else deed]
            held = UNTAKEN if refusal.code in _MENDABLE else held
            actor = _actor(channel)
            set_hold(channel.merchant_id, order_ids=[order_id], kind="shop", reason=held, actor=actor)
            _settle(one.message, "refused", reason=_OTHERWISE.get(refusal.code, late))
            return
    _end_untaken(channel, order_id)
    _settle(one.message, "done", outcome=" ".join(done)[:20])


def _end_untaken(channel: ChannelFacts, order_id: int) -> None:
    """Free an order that waited for what its shop changed: it is taken over now, or the shop wants it no more."""
    own = [hold for hold in holds_of([order_id])[order_id] if hold.kind == "shop" and hold.released_at is None]
    holds = [hold.pk for hold in own if hold.reason in OF_CHANGES]
    if holds:
        release_hold(channel.merchant_id, hold_ids=holds, actor=_actor(channel))


def _served(one: _Said, order_id: int, *, by_us: bool) -> bool:
    """Say whether we, or others, are to send more units of an order than is known."""
    if not one.told.sender:
        return False
    told = [line for line in one.told.draft.lines if line.requires_shipping and bool(line.served_by) != by_us]
    known = [line for line in lines_of([order_id])[order_id] if _ours(line) == by_us]
    return sum(line.quantity for line in told) > sum(line.wanted for line in known if line.served_by or by_us)


def _ours(line: OrderLine) -> bool:
    return line.requires_shipping and not line.served_by


def _cancel(channel: ChannelFacts, _one: _Said, order_id: int) -> str:
    cancel_orders(channel.merchant_id, order_ids=[order_id], actor=_actor(channel))
    return "cancelled"


def _pay(channel: ChannelFacts, one: _Said, order_id: int) -> str:
    record_payments(channel.merchant_id, payments={order_id: one.told.draft.payment}, actor=_actor(channel))
    return "paid"


def _change(channel: ChannelFacts, one: _Said, order_id: int) -> str:
    """Let an order look as its shop says it does now."""
    draft, merchant = balanced(one.told.draft), channel.merchant_id
    known = sold_skus(merchant, codes={line.sku for line in draft.lines})
    recipes = recipes_of(merchant, sku_ids=[sku.id for sku in known.values() if sku.kind == "bundle"])
    new = [new_line(line, skus=known, recipes=recipes) for line in draft.lines]
    wish = wish_of(draft, new, known=lines_of([order_id])[order_id])
    change_order(
        merchant,
        order_id=order_id,
        wish=wish,
        actor=_actor(channel),
        reason="shop_changed",
        source="channel",
        key=f"message:{one.message.pk}",
    )
    retell_order(merchant, order_id=order_id, total_cents=draft.total_cents, fingerprint=fingerprint(draft))
    return "changed"


_TOO_LATE: Final = {
    "elsewhere": ("sent_elsewhere", "sent_elsewhere"),
    "cancel": ("too_late_to_cancel", "cancelled_in_shop"),
    "change": ("too_late_to_change", "changed_in_shop"),
    "pay": ("too_late_to_change", "changed_in_shop"),
}
# Not too late, but not possible as it stands: what a person can mend, then have the message read again.
_OTHERWISE: Final = {"unknown_sku": "unknown_sku", "no_stock": "no_stock", "order_not_open": "closed_before"}
_MENDABLE: Final = frozenset({"unknown_sku", "no_stock"})
_DEEDS: Final = {"cancel": _cancel, "pay": _pay, "change": _change}


def _actor(channel: ChannelFacts) -> Actor:
    return Actor(kind="connector", id=channel.id, name=channel.name)
