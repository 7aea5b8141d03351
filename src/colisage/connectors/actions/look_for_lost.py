"""Asking a shop whether it still has the orders that wait here: one that is deleted for good stands in no list."""

from collections.abc import Mapping
from typing import Final

from django.db import transaction

from colisage.connectors.actions.note_health import HEARD, note_health
from colisage.connectors.calls import understood
from colisage.connectors.models import Connection
from colisage.connectors.ports import Forgetful, Lost, ShopRefused
from colisage.connectors.queries.connections import access_of, shop_called
from colisage.intake.actions.keep_messages import keep_messages
from colisage.intake.queries.messages import orders_to_find_again
from colisage.kit.actors import Actor
from colisage.orders.actions.set_hold import set_hold

AT_ONCE: Final = 100  # orders of one look: as many as shops list in one answer
MANY: Final = 5  # of so many at once it is doubted that somebody deleted them
REASON: Final = "lost_in_shop"


def look_for_lost(connection_id: int) -> int:
    """Ask a shop for the next orders that wait here; give how many of them it has not any more.

    What it is sure about is read as the message that such an order was deleted. Where it is in doubt, or many are gone
    at once (a shop restored from a copy), nothing is cancelled: they are held until a person decides, and not asked
    for again. Speaks HTTP outside any transaction; of what goes wrong nothing follows but a note on the connection.
    """
    found = Connection.objects.get(pk=connection_id)
    try:
        shop, access = shop_called(found.connector), access_of(found)
        if not found.active or set(found.problems) - {HEARD, "lost"} or not isinstance(shop, Forgetful):
            return 0
        asked = orders_to_find_again(
            found.merchant_id, channel_id=found.channel_id, after=found.looked_after, but=REASON, most=AT_ONCE
        )
        with understood():
            lost = shop.lost(access, external_refs=list(asked)) if asked else []
    except ShopRefused as fault:
        note_health(connection_id, fault=fault, door="lost")
        return 0
    if "lost" in found.problems:
        note_health(connection_id, fault=None, door="lost")
    _decide(found, lost, asked=asked)
    return len(lost)


@transaction.atomic
def _decide(found: Connection, lost: list[Lost], *, asked: Mapping[str, int]) -> None:
    """Keep what was found together with the place where to go on; after the last order the first is asked for again."""
    many = len(lost) > MANY
    sure = [one.arrived for one in lost if one.sure and not many]
    keep_messages(found.merchant_id, channel_id=found.channel_id, connector=found.connector, via="poll", arrived=sure)
    doubted = [asked[one.external_ref] for one in lost if many or not one.sure]
    actor = Actor("connector", found.channel_id, found.connector)
    set_hold(found.merchant_id, order_ids=doubted, kind="channel", reason=REASON, actor=actor, owned=False)
    last = max(asked.values()) if len(asked) == AT_ONCE else 0
    Connection.objects.filter(pk=found.pk).update(looked_after=last)
