"""What a reader answers, written down: it is there, it read tags, or it is silent, which is an ordinary state."""

from django.db import transaction
from django.utils import timezone

from colisage.inventory.actions.record_tag_read import record_tag_read
from colisage.inventory.models import TagRead, TagReader
from colisage.inventory.ports import ReaderSilent
from colisage.inventory.queries.tags import reader_port
from colisage.inventory.rules.tags import MOST_TAGS
from colisage.kit.actors import Actor
from colisage.people.queries import merchants_served

READ_SECONDS = 4.0


def hear_reader(reader_id: int) -> None:
    """Ask a reader what it is, outside any transaction, and write down what it said."""
    reader = TagReader.objects.filter(pk=reader_id, active=True).first()
    if reader is None:
        return
    try:
        told, state = reader_port(reader.connector).ask(reader.host, port=reader.port), "ready"
    except ReaderSilent as silence:
        told, state = silence.saying, "silent"
    TagReader.objects.filter(pk=reader_id).update(state=state, told=told.kept(), tried_at=timezone.now())


def hear_tags(read_id: int) -> None:
    """Read the tags that a read asks for, outside any transaction, and compare them with the books."""
    read = TagRead.objects.select_related("reader").filter(pk=read_id, state="reading").first()
    if read is None or read.reader is None:
        return
    reader = read.reader
    try:
        epcs = reader_port(reader.connector).read(reader.host, port=reader.port, seconds=READ_SECONDS)
    except ReaderSilent as silence:
        with transaction.atomic():
            TagRead.objects.filter(pk=read_id, state="reading").update(state="failed", told=silence.saying.kept())
            TagReader.objects.filter(pk=reader.pk).update(
                state="silent", told=silence.saying.kept(), tried_at=timezone.now()
            )
        return
    record_tag_read(
        read.operator_id,
        node_id=read.node_id,
        place_id=read.place_id,
        epcs=list(epcs)[:MOST_TAGS],
        merchant_ids=merchants_served(read.operator_id),
        actor=Actor(kind="connector", id=reader.pk, name=reader.name),
        read_id=read_id,
    )
    TagReader.objects.filter(pk=reader.pk).update(state="ready", tried_at=timezone.now())
