"""An order that a person types: accepted like any other, on a channel of its own where the merchant has none."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext

from colisage.intake.actions.accept_orders import Incoming, Verdict, accept_orders
from colisage.intake.actions.start_import import NoSuchChannel
from colisage.intake.ports import OrderDraft
from colisage.kit.actors import Actor
from colisage.network.actions.open_channels import open_channels
from colisage.network.queries import channels_of
from colisage.orders.actions.set_hold import set_hold

BY_HAND: Final = "hand"  # the code of the channel


@dataclass(frozen=True, slots=True)
class Entered:
    """A draft that a person typed for a channel, and why it shall wait, where it shall."""

    channel: str
    draft: OrderDraft
    hold: str = ""


@transaction.atomic
def enter_order(merchant_id: int, *, entered: Entered, actor: Actor) -> Verdict:
    """Accept an order; sent twice it is a duplicate. The channel of orders by hand is made with the first of them.

    Raises `NoSuchChannel`.
    """
    channels = channels_of(merchant_id)
    if entered.channel == BY_HAND and BY_HAND not in channels:
        open_channels(merchant_id, channels=[("manual", BY_HAND, gettext("By hand"))])
        channels = channels_of(merchant_id)
    if entered.channel not in channels:
        raise NoSuchChannel(code=entered.channel)
    [verdict] = accept_orders([Incoming(channels[entered.channel], entered.draft)], actor=actor)
    if entered.hold and verdict.outcome == "accepted" and verdict.order_id is not None:
        set_hold(merchant_id, order_ids=[verdict.order_id], kind="manual", reason=entered.hold, actor=actor)
    return verdict
