"""The door every order comes through: checks what is clean, holds what is incomplete, gives back what cannot be."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
from django.db import transaction
from django.utils import timezone

from colisage.catalog.queries import SoldSku, recipes_of, sold_skus
from colisage.intake.ports import DraftLine, OrderDraft
from colisage.intake.rules import holds_of, refusal
from colisage.inventory.actions.reserve import MOST as MOST_UNITS
from colisage.kit.actors import Actor
from colisage.kit.turns import Turn
from colisage.network.queries import ChannelFacts
from colisage.orders.actions.place_orders import NewLine, NewOrder, draw_ids, place_orders

_SAME = msgspec.json.Encoder()
_UNKNOWN = (("unknown_sku", "unknown_sku"),)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A draft that arrived on a channel."""

    channel: ChannelFacts
    draft: OrderDraft


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one draft: `accepted`, `duplicate` (with the id it has) or `refused` with a reason code.

    `lines` are the positions (from 0) the reason is about; empty when it is about the order as a whole.
    """

    outcome: str
    order_id: int | None = None
    reason: str = ""
    lines: tuple[int, ...] = ()
    holds: tuple[tuple[str, str], ...] = ()


class _Seen(NamedTuple):
    """What was found of a draft by itself: why it cannot be an order, or why it has to wait, and its fingerprint."""

    refusal: str | None
    holds: tuple[tuple[str, str], ...] = ()
    fingerprint: str = ""


@transaction.atomic(savepoint=False)  # hot, and nobody goes on after it failed
def accept_orders(
    incoming: Sequence[Incoming],
    *,
    actor: Actor,
    quiet: bool = False,
    reserves: bool = True,
    hold_unknown_skus: bool = False,
    turn: Turn | None = None,
    at_once: bool = False,
) -> list[Verdict]:
    """Accept many drafts in one transaction, each judged by itself; give a verdict for each, in order.

    Sent again, an order is a `duplicate`. Unknown SKUs of what is to be sent from here refuse the order, or hold it
    where the channel cannot be asked to correct it. Historic orders are `quiet` (nobody is told) and, without
    `reserves`, hold no stock. `turn` is that of a batch among others, `at_once` writes in the expectation that nothing
    stands in the way (see `place_orders`).
    """
    verdicts: dict[int, Verdict] = {}
    drawn = draw_ids(len(incoming), lines=sum(len(item.draft.lines) for item in incoming)) if at_once else None
    seen: list[_Seen] = []
    known = _catalogues(incoming, meanwhile=lambda: seen.extend(_look_at(incoming)))
    clean: list[tuple[int, NewOrder]] = []
    for n, (item, look) in enumerate(zip(incoming, seen, strict=True)):
        if look.refusal:
            verdicts[n] = Verdict("refused", reason=look.refusal)
            continue
        skus, recipes = known[item.channel.merchant_id]
        missing = tuple(i for i, line in enumerate(item.draft.lines) if line.sku.upper() not in skus and line.ours)
        if missing and not hold_unknown_skus:
            verdicts[n] = Verdict("refused", reason="unknown_sku", lines=missing)
        elif recipes and (huge := _uncountable(item.draft, skus=skus, recipes=recipes)):
            verdicts[n] = Verdict("refused", reason="huge_bundle", lines=huge)
        else:
            order = _order(item, look, skus=skus, recipes=recipes, waits=bool(missing), quiet=quiet, reserves=reserves)
            clean.append((n, order))

    orders = [order for _, order in clean]
    answers = place_orders(orders, actor=actor, turn=turn, drawn=drawn() if drawn else None) if clean else []
    for (n, order), answer in zip(clean, answers, strict=True):
        if answer.outcome in {"refused", "differs"}:
            reason = "no_stock" if answer.outcome == "refused" else "order_came_differently"
            verdicts[n] = Verdict("refused", answer.order_id, reason)
        else:
            verdicts[n] = Verdict(answer.outcome, answer.order_id, holds=order.holds)
    return [verdicts[n] for n in range(len(incoming))]


def fingerprint(draft: OrderDraft) -> str:
    """Give what tells two orders of one reference apart: what is asked for, for how much, to where and when."""
    told = (draft.currency, draft.total_cents, draft.lines, draft.ship_to, draft.email, draft.wanted_on)
    return hashlib.blake2b(_SAME.encode(told), digest_size=16).hexdigest()


def _uncountable(
    draft: OrderDraft, *, skus: Mapping[str, SoldSku], recipes: Mapping[int, tuple[tuple[int, int], ...]]
) -> tuple[int, ...]:
    """Give the lines of bundles that together hold more units than the books can count."""
    found, units = [], 0
    for i, line in enumerate(draft.lines):
        sku = skus.get(line.sku.upper())
        held = sum(n for _sku, n in recipes.get(sku.id, ())) * line.quantity if sku else 0
        units += held
        if held:
            found.append(i)
    return tuple(found) if units > MOST_UNITS else ()


def _catalogues(
    incoming: Sequence[Incoming], *, meanwhile: Callable[[], None]
) -> dict[int, tuple[dict[str, SoldSku], dict[int, tuple[tuple[int, int], ...]]]]:
    """Give what each merchant sells of what is ordered, by code, and the recipes of bundles. `meanwhile`: see `ask`."""
    codes: dict[int, set[str]] = {}
    for item in incoming:
        codes.setdefault(item.channel.merchant_id, set()).update(line.sku for line in item.draft.lines)
    known = {}
    waiting: Callable[[], None] | None = meanwhile
    for merchant, wanted in codes.items():
        skus = sold_skus(merchant, codes=wanted, meanwhile=waiting)
        waiting = None
        bundles = [sku.id for sku in skus.values() if sku.kind == "bundle"]
        known[merchant] = skus, recipes_of(merchant, sku_ids=bundles) if bundles else {}
    return known


def _look_at(incoming: Sequence[Incoming]) -> Iterator[_Seen]:
    """Judge drafts by themselves, without what only the database knows."""
    now = timezone.now()
    for item in incoming:
        reason = refusal(item.draft, now=now)
        yield _Seen(reason) if reason else _Seen(None, tuple(holds_of(item.draft)), fingerprint(item.draft))


def _order(
    item: Incoming,
    seen: _Seen,
    *,
    skus: Mapping[str, SoldSku],
    recipes: Mapping[int, tuple[tuple[int, int], ...]],
    waits: bool,
    quiet: bool,
    reserves: bool,
) -> NewOrder:
    draft, channel = item.draft, item.channel
    return NewOrder(
        merchant_id=channel.merchant_id,
        channel_id=channel.id,
        external_ref=draft.external_ref,
        number=draft.number,
        placed_at=draft.placed_at,
        currency=draft.currency,
        lines=tuple(new_line(line, skus=skus, recipes=recipes) for line in draft.lines),
        payment=draft.payment,
        shipping_cents=draft.shipping_cents,
        discount_cents=draft.discount_cents,
        charges=draft.charges,
        tax_cents=draft.tax_cents,
        total_cents=draft.total_cents,
        prices_include_tax=draft.prices_include_tax,
        email=draft.email,
        phone=draft.phone,
        customer_name=draft.customer_name,
        language=draft.language if draft.language in {"fr", "en"} else channel.language,
        ship_to=draft.ship_to,
        bill_to=draft.bill_to,
        shipping_method=draft.shipping_method,
        customer_note=draft.customer_note,
        gift_note=draft.gift_note,
        purchase_reference=draft.purchase_reference,
        wanted_on=draft.wanted_on,
        tags=draft.tags,
        quiet=quiet,
        may_owe=channel.may_owe,
        buffer=channel.buffer,
        holds=() if quiet else (*seen.holds, *_UNKNOWN) if waits else seen.holds,
        fingerprint=seen.fingerprint,
        reserves=reserves,
        hold_id=draft.reservation,
    )


def new_line(
    line: DraftLine, *, skus: Mapping[str, SoldSku], recipes: Mapping[int, tuple[tuple[int, int], ...]]
) -> NewLine:
    """Give a line of a draft as orders take it: its SKU where the catalogue knows it, a bundle's recipe of now."""
    sku = skus.get(line.sku.upper())
    return NewLine(
        sku_id=sku.id if sku else None,
        sku_code=line.sku,
        name=line.name or (sku.name if sku else ""),
        quantity=line.quantity,
        unit_price_cents=line.unit_price_cents,
        discount_cents=line.discount_cents,
        tax_cents=line.tax_cents,
        requires_shipping=line.requires_shipping and not line.served_by and not (sku and sku.digital),
        recipe=recipes.get(sku.id) if sku else None,
        external_ref=line.external_ref,
        personalisation=line.personalisation,
        served_by=line.served_by,
    )
