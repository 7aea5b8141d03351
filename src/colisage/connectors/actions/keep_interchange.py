"""What a partner sent by EDI: kept whole as it came, cut into messages that each go their own way, and acknowledged."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from colisage.connectors.edi.acknowledgement import Judged, acknowledgement
from colisage.connectors.edi.channel import BETWEEN, Edi
from colisage.connectors.edi.envelopes import Fault, Group, Interchange, Message, decoded, extract, interchanges
from colisage.connectors.edi.words import SYNTAX
from colisage.connectors.models import Connection
from colisage.connectors.models import Interchange as Kept
from colisage.connectors.ports import Access
from colisage.connectors.queries.connections import access_of
from colisage.connectors.queries.interchanges import PURPOSE
from colisage.intake.actions.keep_messages import keep_messages
from colisage.intake.actions.read_soon import read_soon
from colisage.intake.ports import Arrived, Nothing, Unreadable
from colisage.kit import sealing


@dataclass(frozen=True, slots=True)
class _Sent:
    """Something that arrived at a channel: from where, and how."""

    found: Connection
    access: Access
    via: str
    by_name: str
    despite: bool = False  # a person wants what can be read of it, whatever speaks against it


@dataclass(frozen=True, slots=True)
class _Piece:
    """A message with where it stood and how it is kept."""

    group: Group
    judged: Judged
    arrived: Arrived


@transaction.atomic
def keep_interchange(
    merchant_id: int, *, channel_id: int, body: bytes, via: str, by_name: str = "", despite: bool = False
) -> list[Kept]:
    """Keep every interchange of a body and have its messages read; give them, each with its acknowledgement.

    The same bytes again change nothing and are acknowledged as before; what was refused then is judged anew. A broken
    envelope refuses its interchange, whose body is kept; a broken group refuses its messages. `despite` that, or its
    sender or number, a person may want the messages that are whole. Raises `ShopRefused` when its secrets cannot be
    opened.
    """
    found = Connection.objects.get(merchant_id=merchant_id, channel_id=channel_id)
    with connection.cursor() as db:  # one at a time for each channel: numbers are compared with those before
        db.execute("SELECT pg_advisory_xact_lock(hashtext('connectors_interchange'), %s::int)", [channel_id])
    sent = _Sent(found, access_of(found), via, by_name, despite)
    kept = [_keep(sent, one, raw) for one, raw in _cut(body)]
    if any(one.state == "taken" for one in kept):
        read_soon([channel_id])
    return kept


def _cut(body: bytes) -> Iterator[tuple[Interchange | Fault, bytes]]:
    """Cut a body into interchanges, each with the bytes that are its proof; one alone keeps its very bytes."""
    found = list(interchanges(decoded(body)))
    for one, text in found:
        yield one, body if len(found) == 1 else text.encode()


def _keep(sent: _Sent, found: Interchange | Fault, raw: bytes) -> Kept:
    digest = hashlib.sha256(raw).hexdigest()
    before = Kept.objects.select_for_update(no_key=True).filter(channel_id=sent.found.channel_id, digest=digest).first()
    if before is not None and before.state == "taken":
        before.times += 1
        before.save(update_fields=["times"])
        return before
    made = before or Kept(merchant_id=sent.found.merchant_id, channel_id=sent.found.channel_id, digest=digest)
    made.via, made.by_name, made.times = sent.via, sent.by_name[:150], made.times + (before is not None)
    made.body = sealing.sealed(raw, purpose=PURPOSE)
    if isinstance(found, Fault):
        made.state, made.reason, made.detail = "refused", found.code, _storable(found.detail)
        made.save()
        return made
    made.standard, made.test = found.standard, found.test
    made.sender, made.receiver, made.number = (
        _storable(text)[:most] for text, most in ((found.sender, 80), (found.receiver, 80), (found.number, 40))
    )
    found.fault = found.fault or _unwelcome(sent, found)
    made.reason = found.fault.code if found.fault else ""
    made.detail = _storable(found.fault.detail) if found.fault else ""
    pieces = _pieces(sent, found)
    taken = [piece for piece in pieces if sent.despite or not (found.fault or piece.group.fault)]
    made.state = "taken" if taken else "refused"
    made.messages = [_told(piece, taken=piece in taken) for piece in pieces]
    made.save()
    made.answer = _answer(found, pieces, number=made.pk)
    made.save(update_fields=["answer"])
    via = "file" if sent.via == "hand" else sent.via  # a message of a person's hand corrects another one
    keep_messages(
        made.merchant_id, channel_id=made.channel_id, connector=sent.found.connector, via=via,
        arrived=[piece.arrived for piece in taken], by_name=sent.by_name,
    )  # fmt: skip
    return made


def _unwelcome(sent: _Sent, found: Interchange) -> Fault | None:
    """Say why a sound interchange is not taken."""
    partners = [one.strip() for one in sent.access.option("partners").split(",") if one.strip()]
    own = sent.access.option("own")
    if own and found.receiver != own:
        return Fault("not_for_us", found.receiver)
    if partners and found.sender not in partners:
        return Fault("unknown_sender", found.sender)
    if not any(group.messages for group in found.groups):
        return Fault("no_message")
    same = Kept.objects.filter(
        channel_id=sent.found.channel_id, sender=_storable(found.sender)[:80], number=_storable(found.number)[:40],
        standard=found.standard, test=found.test, state="taken",
    )  # fmt: skip
    return Fault("number_used_before", found.number) if same.exists() else None


def _pieces(sent: _Sent, found: Interchange) -> list[_Piece]:
    ends = (sent.access.option("currency")[:3].upper(), sent.access.option("country")[:2].upper() or "-")
    pieces = []
    for group in found.groups:
        for message in group.messages:
            place = "/".join(filter(None, (found.number, group.number, message.number)))
            topic = BETWEEN.join((message.kind[:6], _storable(place)[:55], *ends))
            body = extract(found, group, message)
            key = _key(sent, (found, group, message), body)
            arrived = Arrived(key=key, body=body, topic=topic)
            pieces.append(_Piece(group, _judged(message, body, topic=topic), arrived))
    return pieces


def _key(sent: _Sent, place: tuple[Interchange, Group, Message], body: bytes) -> str:
    """Name a message by who sent it and the numbers of its three layers: the same again is not kept twice.

    Where a person took it in although the numbers were used before, its content tells it apart.
    """
    found, group, message = place
    names = [found.standard, found.sender, found.number, group.number, message.number, "T" if found.test else ""]
    if sent.despite:
        names.append(hashlib.sha256(body).hexdigest())
    return f"edi:{hashlib.sha256(repr(names).encode()).hexdigest()}"


def _judged(message: Message, body: bytes, *, topic: str) -> Judged:
    """Say whether a message can be read at all: that much a partner's machine is told at once."""
    try:
        told = Edi().read(body, topic=topic)
    except Unreadable as fault:
        return Judged(message, fault.code if fault.code in SYNTAX else "")
    return Judged(message, told.reason if isinstance(told, Nothing) and told.reason == "not_an_order" else "")


def _told(piece: _Piece, *, taken: bool) -> dict[str, str]:
    message = piece.judged.message
    facts = {"kind": message.kind, "group": piece.group.number, "number": message.number}
    told = {name: _storable(value)[:40] for name, value in facts.items()}
    fault = piece.group.fault.code if piece.group.fault else ""
    return {**told, "key": piece.arrived.key if taken else "", "fault": fault or piece.judged.code}


def _answer(found: Interchange, pieces: Sequence[_Piece], *, number: int) -> str:
    judged = [(group, [one.judged for one in pieces if one.group is group]) for group in found.groups]
    return _storable(acknowledgement(found, judged, number=number, now=timezone.now()), most=1_000_000)


def _storable(text: str, *, most: int = 300) -> str:
    """Replace the one character that the database cannot hold."""
    return text.replace("\0", "\ufffd")[:most]
