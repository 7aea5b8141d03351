"""A message of a shop at the door."""

from collections.abc import Mapping

from colisage.connectors.actions.note_heard import note_heard
from colisage.connectors.models import Connection
from colisage.connectors.ports import NotSigned
from colisage.connectors.queries.connections import access_of, shop_called
from colisage.intake.actions.keep_messages import keep_messages


def hear_shop(merchant_id: int, *, channel_id: int, headers: Mapping[str, str], body: bytes) -> bool:
    """Check the signature of a message and keep it as it came; give whether there is anything to read.

    Raises `NotSigned`, which is noted on the connection. Called behind the wall of the merchant.
    """
    found = Connection.objects.get(merchant_id=merchant_id, channel_id=channel_id)
    try:
        message = shop_called(found.connector).arrived(headers, body, access=access_of(found))
    except NotSigned:
        note_heard(channel_id, signed=False)
        raise
    if message is None:
        return False
    kept = keep_messages(
        merchant_id, channel_id=channel_id, connector=found.connector, via="webhook", arrived=[message]
    )
    note_heard(channel_id, signed=True)
    return kept > 0
