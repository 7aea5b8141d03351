"""A message of a shop at the door."""

from collections.abc import Mapping
from dataclasses import dataclass

from colisage.connectors.actions.keep_interchange import keep_interchange
from colisage.connectors.actions.note_heard import note_heard
from colisage.connectors.edi.acknowledgement import TYPES
from colisage.connectors.edi.channel import Edi
from colisage.connectors.edi.envelopes import MOST_BYTES
from colisage.connectors.edi.words import FAULTS
from colisage.connectors.models import Connection
from colisage.connectors.ports import NotSigned
from colisage.connectors.queries.connections import access_of, shop_called
from colisage.intake.actions.keep_messages import keep_messages
from colisage.kit.bodies import TooLarge


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message was: whether somebody must be woken to read it, and what the sender is answered."""

    fresh: bool
    answer: str = ""
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200


def hear_shop(merchant_id: int, *, channel_id: int, headers: Mapping[str, str], body: bytes) -> Heard:
    """Check the signature of a message and keep it as it came; give what there is to read and to answer.

    Raises `NotSigned`, which is noted on the connection, and `TooLarge`. Called behind the wall of the merchant.
    """
    found = Connection.objects.get(merchant_id=merchant_id, channel_id=channel_id)
    shop, access = shop_called(found.connector), access_of(found)
    try:
        if isinstance(shop, Edi):
            shop.let_in(headers, access=access)
            heard = _interchanges(found, body)
        else:
            message = shop.arrived(headers, body, access=access)
            if message is None:
                return Heard(fresh=False)
            arrived = [message]
            kept = keep_messages(
                merchant_id, channel_id=channel_id, connector=found.connector, via="webhook", arrived=arrived
            )
            heard = Heard(fresh=kept > 0)
    except NotSigned:
        note_heard(channel_id, signed=False)
        raise
    except TooLarge:
        note_heard(channel_id, signed=True)
        raise
    note_heard(channel_id, signed=True)
    return heard


def _interchanges(found: Connection, body: bytes) -> Heard:
    """Keep what a partner sent by EDI; the answer is the acknowledgement of it."""
    if len(body) > MOST_BYTES:
        raise TooLarge(megabytes=MOST_BYTES // 1_000_000)
    kept = keep_interchange(found.merchant_id, channel_id=found.channel_id, body=body, via="webhook")
    kind = next((TYPES[one.standard] for one in kept if one.standard), "")
    if not kind:  # nothing of it can be acknowledged: whoever looks at the gateway reads why
        wrong = dict.fromkeys(str(FAULTS.get(one.reason, "")) for one in kept)
        return Heard(fresh=False, answer="\n".join(wrong), status=422)
    answer = "".join(one.answer for one in kept)
    return Heard(fresh=False, answer=answer, content_type=f"{kind}; charset=utf-8")
