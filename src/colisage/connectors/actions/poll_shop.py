"""Asking a shop for what changed: the guarantee behind its messages, which get lost."""

from django.db import transaction

from colisage.connectors.actions.note_health import note_health
from colisage.connectors.actions.note_requests import note_requests
from colisage.connectors.calls import understood
from colisage.connectors.models import Connection
from colisage.connectors.ports import Page, ShopRefused
from colisage.connectors.queries.connections import access_of, shop_called
from colisage.intake.actions.keep_messages import keep_messages

MOST_PAGES = 200


def poll_shop(connection_id: int) -> int:
    """Ask a shop page by page until it has nothing more; give how many messages were new.

    Each page is kept together with the place where to go on, so that a worker that dies loses nothing. Speaks HTTP
    outside any transaction; what goes wrong is noted on the connection.
    """
    found = Connection.objects.get(pk=connection_id)
    fresh = 0
    if not found.active:  # switched off while it waited its turn
        return 0
    try:
        shop, access = shop_called(found.connector), access_of(found)
        for _page in range(MOST_PAGES):
            with understood():
                page = shop.orders_since(access, cursor=found.cursor)
            fresh += _keep(found, page)
            if not page.more:
                break
    except ShopRefused as fault:
        note_health(connection_id, fault=fault, door="asked")
        return fresh
    note_health(connection_id, fault=None, door="asked")
    return fresh


@transaction.atomic
def _keep(found: Connection, page: Page) -> int:
    fresh = keep_messages(
        found.merchant_id, channel_id=found.channel_id, connector=found.connector, via="poll", arrived=page.arrived
    )
    note_requests(found, page.arrived)
    found.cursor = dict(page.cursor)
    Connection.objects.filter(pk=found.pk).update(cursor=found.cursor)
    return fresh
