"""Trying a connection."""

from colisage.connectors.actions.note_health import note_health
from colisage.connectors.calls import understood
from colisage.connectors.models import Connection
from colisage.connectors.ports import ShopRefused
from colisage.connectors.queries.connections import access_of, shop_called


def check_connection(connection_id: int) -> ShopRefused | None:
    """Ask a shop who it is, and remember it; give what is wrong. Speaks HTTP: called outside any transaction."""
    found = Connection.objects.get(pk=connection_id)
    try:
        with understood():
            said = shop_called(found.connector).check(access_of(found))
    except ShopRefused as fault:
        note_health(connection_id, fault=fault, door="tried", said="")
        return fault
    note_health(connection_id, fault=None, door="tried", said=said)
    return None
