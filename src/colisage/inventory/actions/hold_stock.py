"""Holding units for a cart until a moment: whole, or not at all."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import recipes_of, skus_by_code
from colisage.inventory.actions.reserve import Demand, reserve
from colisage.inventory.models import StockHold, StockHoldLine
from colisage.kit.errors import Malformed, Refused
from colisage.network.queries import ChannelFacts

LONGEST_SECONDS = 7 * 86_400


class NoStock(Refused):
    """There is not enough free for the whole cart; nothing is held."""

    code = "no_stock"
    text = _("There is not enough stock for all of this; nothing is held.")


class UnknownSkus(Malformed):
    """A line names a SKU that is not in the catalogue."""

    code = "unknown_sku"
    text = _("Not in the catalogue: %(skus)s.")


class HeldDifferently(Refused):
    """The reference holds something else already."""

    code = "held_differently"
    text = _("This reference holds other units already. Give them back first, or use another reference.")


class BadTime(Malformed):
    """Nothing is held for ever."""

    code = "bad_ttl"
    text = _("Units are held for 10 seconds at least and for 7 days at most.")


@transaction.atomic
def hold_stock(
    channel: ChannelFacts, *, reference: str, lines: Sequence[tuple[str, int]], seconds: int, now: datetime
) -> tuple[int, bool]:
    """Hold units for a reference of a channel, bundles by their components; give the hold, and whether it is new.

    The same reference with the same lines is the same hold, and keeps its time. What is kept back from the channel and
    the safety stock are respected. Refuses (`NoStock`) when not everything is free, and then holds nothing.
    """
    if not 10 <= seconds <= LONGEST_SECONDS:
        raise BadTime
    merchant = channel.merchant_id
    skus = skus_by_code(merchant, codes=[code for code, _quantity in lines])
    unknown = [code for code, _quantity in lines if code.upper() not in skus]
    if unknown:
        raise UnknownSkus(skus=", ".join(unknown[:20]))
    wanted = [(skus[code.upper()].id, quantity) for code, quantity in lines]
    StockHold.objects.filter(
        merchant_id=merchant, channel_id=channel.id, reference=reference, ended_at=None, expires_at__lte=now
    ).update(ended_at=now)
    try:
        with transaction.atomic():
            hold = StockHold.objects.create(
                merchant_id=merchant,
                channel_id=channel.id,
                reference=reference,
                expires_at=now + timedelta(seconds=seconds),
            )
    except IntegrityError:
        return _same(channel, reference=reference, wanted=wanted), False
    made = StockHoldLine.objects.bulk_create(
        StockHoldLine(merchant_id=merchant, hold=hold, sku_id=sku, quantity=quantity) for sku, quantity in wanted
    )
    digital = {sku.id for sku in skus.values() if sku.digital}
    recipes = recipes_of(merchant, sku_ids=[sku for sku, _quantity in wanted])
    demand = _demand(channel, hold, [line for line in made if line.sku_id not in digital], recipes=recipes)
    if demand.lines and reserve([demand])[0] is None:
        raise NoStock
    return hold.pk, True


def _same(channel: ChannelFacts, *, reference: str, wanted: Sequence[tuple[int, int]]) -> int:
    """Give the hold that is there already, when it is of the same lines."""
    hold = StockHold.objects.get(
        merchant_id=channel.merchant_id, channel_id=channel.id, reference=reference, ended_at=None
    )
    lines = StockHoldLine.objects.filter(merchant_id=channel.merchant_id, hold=hold)
    if sorted(lines.values_list("sku_id", "quantity")) != sorted(wanted):
        raise HeldDifferently
    return hold.pk


def _demand(
    channel: ChannelFacts,
    hold: StockHold,
    lines: Sequence[StockHoldLine],
    *,
    recipes: Mapping[int, Sequence[tuple[int, int]]],
) -> Demand:
    """Turn lines into what is reserved for them."""
    wanted: list[tuple[int, int, int]] = []
    bundles = {}
    for line in lines:
        recipe = recipes.get(line.sku_id)
        if recipe:
            wanted += [(line.pk, sku, units * line.quantity) for sku, units in recipe]
            bundles[line.pk] = line.quantity
        else:
            wanted.append((line.pk, line.sku_id, line.quantity))
    return Demand(
        channel.merchant_id, "hold_line", tuple(wanted), may_wait=False, buffer=channel.buffer, channel_id=channel.id,
        bundles=bundles, expires_at=hold.expires_at,
    )  # fmt: skip
